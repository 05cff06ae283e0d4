import SystemPackage

/// A file that is no PNG picture, or a picture that makes none.
package struct PNGError: Error, Hashable, Sendable {
  package enum Reason: Error, Hashable, Sendable {
    /// The detail is the library's.
    case notAPicture(detail: String)
    /// The header promises more pixels than are read.
    case tooManyPixels(height: Int, width: Int, limit: Int)
    case fileTooLarge(limit: Int)
    /// The detail is the library's.
    case notEncodable(ImageShape, detail: String)
  }

  package let file: FilePath
  package let reason: Reason

  init(_ file: FilePath, _ reason: Reason) {
    self.file = file
    self.reason = reason
  }
}

extension PNGError: CustomStringConvertible {
  package var description: String { "\(file): \(reason)" }
}

extension PNGError.Reason: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notAPicture(let detail):
      "not a PNG picture (\(detail)); pictures of other formats must be converted first"
    case .tooManyPixels(let height, let width, let limit):
      "a picture of \(height)×\(width) pixels; at most \(limit) are read"
    case .fileTooLarge(let limit): "a file of more than \(limit) bytes, which is not read as a picture"
    case .notEncodable(let shape, let detail):
      "an image of \(shape) cannot be written as PNG: \(detail)"
    }
  }
}
