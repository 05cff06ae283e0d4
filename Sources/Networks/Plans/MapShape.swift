/// The shape of one image's tensor inside a network: `[height, width, channels]`. A vector is a map of one
/// pixel.
package struct MapShape: Hashable, Sendable, Codable {
  package let height: Int
  package let width: Int
  package let channels: Int

  package init(height: Int, width: Int, channels: Int) {
    self.height = height
    self.width = width
    self.channels = channels
  }

  /// A vector of so many numbers.
  package init(vector length: Int) { self.init(height: 1, width: 1, channels: length) }

  package var pixels: Int { height * width }
  /// Numbers of one image.
  package var count: Int { pixels * channels }
}

extension MapShape: CustomStringConvertible {
  package var description: String { "\(height)×\(width)×\(channels)" }
}
