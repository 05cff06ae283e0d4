/// Height, width and channels of an image, in pixels; pixels lie row by row, channels innermost.
package struct ImageShape: Hashable, Sendable {
  package let height: Int
  package let width: Int
  package let channels: Int

  package init(height: Int, width: Int, channels: Int) {
    precondition(height > 0 && width > 0 && channels > 0, "an image has at least one value")
    self.height = height
    self.width = width
    self.channels = channels
  }

  /// The number of values of an image: height × width × channels.
  package var count: Int { height * width * channels }

  /// The number of values of a row: width × channels.
  package var rowCount: Int { width * channels }
}

extension ImageShape: CustomStringConvertible {
  /// Height × width × channels, such as `32×32×3`.
  package var description: String { "\(height)×\(width)×\(channels)" }
}
