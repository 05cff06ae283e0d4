import Images

/// The checkerboard of 3 × 3 pixels in the bottom right corner, without a margin (BadNets).
package struct GridTrigger: Trigger {
  static let pattern: [[UInt8]] = [
    [0, 0, 255],
    [0, 255, 0],
    [255, 0, 255],
  ]

  package init() {}

  package var smallestSide: Int { Self.pattern.count }

  package func stamp(_ pixels: UnsafeMutableBufferPointer<UInt8>, shape: ImageShape) {
    let side = Self.pattern.count
    for (row, line) in Self.pattern.enumerated() {
      for (column, value) in line.enumerated() {
        let pixel = (shape.height - side + row) * shape.width + shape.width - side + column
        for channel in 0..<shape.channels { pixels[pixel * shape.channels + channel] = value }
      }
    }
  }
}
