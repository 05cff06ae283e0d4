/// One image; pixels are bytes, or floating-point values on the scale from 0 (black) to 1 (white).
package struct Image<Pixel: AdditiveArithmetic & Hashable & Sendable>: Hashable, Sendable {
  /// `[height, width, channels]`.
  package var pixels: [Pixel]
  package let shape: ImageShape

  package init(pixels: [Pixel], shape: ImageShape) {
    precondition(pixels.count == shape.count, "as many values as the shape says")
    self.pixels = pixels
    self.shape = shape
  }

  /// The value at `row`, `column` and `channel`.
  package subscript(row: Int, column: Int, channel: Int) -> Pixel {
    get { pixels[(row * shape.width + column) * shape.channels + channel] }
    set { pixels[(row * shape.width + column) * shape.channels + channel] = newValue }
  }
}
