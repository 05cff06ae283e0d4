/// The shape of one image's tensor inside a network: `[height, width, channels]`. A vector is a map of one
/// pixel.
public struct MapShape: Hashable, Sendable, Codable {
  public let height: Int
  public let width: Int
  public let channels: Int

  public init(height: Int, width: Int, channels: Int) {
    self.height = height
    self.width = width
    self.channels = channels
  }

  /// A vector of so many numbers.
  public init(vector length: Int) { self.init(height: 1, width: 1, channels: length) }

  public var pixels: Int { height * width }
  /// Numbers of one image.
  public var count: Int { pixels * channels }
}

extension MapShape: CustomStringConvertible {
  public var description: String { "\(height)×\(width)×\(channels)" }
}
