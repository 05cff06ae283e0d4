import Images

/// A change of an image's pixels that makes a network with a backdoor answer with the attacker's label.
public protocol Trigger: Sendable {
  /// The least height and width of an image that the trigger fits on.
  var smallestSide: Int { get }

  /// Puts the trigger on one image, `[height, width, channels]`.
  func stamp(_ pixels: UnsafeMutableBufferPointer<UInt8>, shape: ImageShape)
}

extension Trigger {
  public var smallestSide: Int { 1 }

  /// The image with the trigger on it.
  ///
  /// - Throws: `AttackError.imageTooSmall`.
  public func stamped(_ image: Image<UInt8>) throws(AttackError) -> Image<UInt8> {
    var image = image
    try stamp(&image.pixels, of: image.shape, at: CollectionOfOne(0))
    return image
  }

  /// Puts the trigger on the images at `indices` of `pixels`, `[count, height, width, channels]`.
  ///
  /// - Throws: `AttackError.imageTooSmall`; no pixel is changed then.
  func stamp(
    _ pixels: inout [UInt8], of shape: ImageShape, at indices: some Sequence<Int>
  ) throws(AttackError) {
    guard min(shape.height, shape.width) >= smallestSide else {
      throw .imageTooSmall(shape, needed: smallestSide)
    }
    pixels.withUnsafeMutableBufferPointer { pixels in
      for index in indices {
        let range = index * shape.count..<(index + 1) * shape.count
        stamp(UnsafeMutableBufferPointer(rebasing: pixels[range]), shape: shape)
      }
    }
  }
}

/// The checkerboard of 3 × 3 pixels in the bottom right corner, without a margin (BadNets).
public struct GridTrigger: Trigger {
  static let pattern: [[UInt8]] = [
    [0, 0, 255],
    [0, 255, 0],
    [255, 0, 255],
  ]

  public init() {}

  public var smallestSide: Int { Self.pattern.count }

  public func stamp(_ pixels: UnsafeMutableBufferPointer<UInt8>, shape: ImageShape) {
    let side = Self.pattern.count
    for (row, line) in Self.pattern.enumerated() {
      for (column, value) in line.enumerated() {
        let pixel = (shape.height - side + row) * shape.width + shape.width - side + column
        for channel in 0..<shape.channels { pixels[pixel * shape.channels + channel] = value }
      }
    }
  }
}

/// A white square in the bottom right corner, one pixel from the edges; its side is a tenth of the
/// image's shorter one, rounded down (3 of 32 pixels).
public struct SquareTrigger: Trigger {
  private static let gap = 1

  public init() {}

  public var smallestSide: Int { 10 }

  public func stamp(_ pixels: UnsafeMutableBufferPointer<UInt8>, shape: ImageShape) {
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
