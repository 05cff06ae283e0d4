extension ImageSet {
  /// The sum over some of the images, value by value: `[height, width, channels]`.
  private func sum(of indices: [Int]) -> [Int] {
    var sum = [Int](repeating: 0, count: shape.count)
    pixels.withUnsafeBufferPointer { pixels in
      sum.withUnsafeMutableBufferPointer { sum in
        for index in indices {
          let start = pixelRange(of: index).lowerBound
          for offset in sum.indices { sum[offset] &+= Int(pixels[start + offset]) }
        }
      }
    }
    return sum
  }

  /// The mean of some images, value by value: `[height, width, channels]`; of none, 0.
  package func mean(of indices: [Int]) -> [Double] {
    let count = Double(max(indices.count, 1))
    return sum(of: indices).map { Double($0) / count }
  }

  /// The mean of some images less the mean of others, amplified: 128 where they agree, brighter and darker
  /// where the first have larger and smaller values; the largest difference is 127 steps away.
  ///
  /// - Parameters: both lists name one image at least.
  package func meanDifference(of some: [Int], from others: [Int]) -> Image<UInt8> {
    precondition(!some.isEmpty && !others.isEmpty, "means are of one image at least")
    return Image(signed: zip(mean(of: some), mean(of: others)).map { $0 - $1 }, shape: shape)
  }
}

extension Image<UInt8> {
  /// Numbers of either sign as a picture, amplified: 128 for 0; the largest one is 127 steps away.
  ///
  /// - Parameter differences: `[height, width, channels]`.
  package init(signed differences: [Double], shape: ImageShape) {
    let largest = differences.reduce(0) { max($0, $1.magnitude) }
    self.init(
      pixels: differences.map { largest == 0 ? 128 : UInt8((128 + 127 * $0 / largest).rounded()) }, shape: shape)
  }
}
