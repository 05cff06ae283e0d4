/// Height, width and channels of an image, in pixels; pixels lie row by row, channels innermost.
public struct ImageShape: Hashable, Sendable {
  public let height: Int
  public let width: Int
  public let channels: Int

  public init(height: Int, width: Int, channels: Int) {
    precondition(height > 0 && width > 0 && channels > 0, "an image has at least one value")
    self.height = height
    self.width = width
    self.channels = channels
  }

  /// The number of values of an image: height × width × channels.
  public var count: Int { height * width * channels }

  /// The number of values of a row: width × channels.
  public var rowCount: Int { width * channels }
}

extension ImageShape: CustomStringConvertible {
  /// Height × width × channels, such as `32×32×3`.
  public var description: String { "\(height)×\(width)×\(channels)" }
}
