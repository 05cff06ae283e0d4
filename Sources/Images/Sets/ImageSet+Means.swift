extension ImageSet {
  /// The sum over some of the images, value by value: `[height, width, channels]`.
  private func sum(of indices: [Int]) -> [Int] {
    var sum = [Int](repeating: 0, count: shape.count)
    for index in indices {
      let start = pixelRange(of: index).lowerBound
      for offset in sum.indices { sum[offset] += Int(pixels[start + offset]) }
    }
    return sum
  }

  /// The mean of some images less the mean of others, amplified: 128 where they agree, brighter and darker
  /// where the first have larger and smaller values; the largest difference is 127 steps away.
  ///
  /// - Parameters: both lists name one image at least.
  package func meanDifference(of some: [Int], from others: [Int]) -> Image<UInt8> {
    precondition(!some.isEmpty && !others.isEmpty, "means are of one image at least")
    let differences = zip(sum(of: some), sum(of: others)).map { sum, otherSum -> Double in
      Double(sum) / Double(some.count) - Double(otherSum) / Double(others.count)
    }
    let largest = differences.reduce(0) { max($0, $1.magnitude) }
    return Image(
      pixels: differences.map { largest == 0 ? 128 : UInt8((128 + 127 * $0 / largest).rounded()) }, shape: shape)
  }
}
