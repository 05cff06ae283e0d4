/// One image; pixels are bytes, or floating-point values on the scale from 0 (black) to 1 (white).
public struct Image<Pixel: AdditiveArithmetic & Hashable & Sendable>: Hashable, Sendable {
  /// `[height, width, channels]`.
  public var pixels: [Pixel]
  public let shape: ImageShape

  public init(pixels: [Pixel], shape: ImageShape) {
    precondition(pixels.count == shape.count, "as many values as the shape says")
    self.pixels = pixels
    self.shape = shape
  }

  /// The value at `row`, `column` and `channel`.
  public subscript(row: Int, column: Int, channel: Int) -> Pixel {
    get { pixels[(row * shape.width + column) * shape.channels + channel] }
    set { pixels[(row * shape.width + column) * shape.channels + channel] = newValue }
  }
}
