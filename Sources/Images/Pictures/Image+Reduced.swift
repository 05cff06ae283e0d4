extension Image where Pixel == UInt8 {
  /// The image as small as is needed for its longer side to have so many pixels at most: each pixel the mean
  /// of a square of them, by a whole factor. Smaller images stay as they are.
  package func reduced(toSide side: Int) -> Image<UInt8> {
    precondition(side > 0, "a picture has a pixel at least")
    let longer = max(shape.height, shape.width)
    let factor = (longer + side - 1) / side
    guard factor > 1 else { return self }
    let smaller = ImageShape(
      height: max(1, shape.height / factor), width: max(1, shape.width / factor), channels: shape.channels)
    var pixels: [UInt8] = []
    pixels.reserveCapacity(smaller.count)
    for row in 0..<smaller.height {
      for column in 0..<smaller.width {
        for channel in 0..<shape.channels {
          let rows = row * factor..<min((row + 1) * factor, shape.height)
          let columns = column * factor..<min((column + 1) * factor, shape.width)
          let sum = rows.reduce(0) { sum, y in
            columns.reduce(sum) { $0 + Int(self[y, $1, channel]) }
          }
          let count = rows.count * columns.count
          pixels.append(UInt8((sum + count / 2) / count))
        }
      }
    }
    return Image(pixels: pixels, shape: smaller)
  }
}
