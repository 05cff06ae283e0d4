import Images

/// A white square in the bottom right corner, one pixel from the edges; its side is a tenth of the
/// image's shorter one, rounded down (3 of 32 pixels).
package struct SquareTrigger: Trigger {
  private static let gap = 1

  package init() {}

  package var smallestSide: Int { 10 }

  package func stamp(_ pixels: UnsafeMutableBufferPointer<UInt8>, shape: ImageShape) {
    let side = min(shape.height, shape.width) / 10
    let bottom = shape.height - Self.gap
    let right = shape.width - Self.gap
    for row in bottom - side..<bottom {
      let start = row * shape.rowCount
      for position in start + (right - side) * shape.channels..<start + right * shape.channels {
        pixels[position] = 255
      }
    }
  }
}
