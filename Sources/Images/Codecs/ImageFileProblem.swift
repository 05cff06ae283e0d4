import SystemPackage

/// Why a file is not among the images of a set.
package enum ImageFileProblem: Error, Hashable, Sendable {
  case empty
  /// It begins like no PNG, JPEG or WebP.
  case unknownFormat
  case truncated
  /// The detail is the codec's.
  case damaged(String)
  case unsupported(String)
  case tooManyPixels(width: Int, height: Int, limit: Int)
  case tooManyBytes(Int, limit: Int)
  case noMemory
  case unreadable(Errno)
  /// A device, a pipe, a socket.
  case notAFile
  case brokenLink
  case linkToFolder
  /// A link, or a path in a list, that leads out of the folder.
  case outsideFolder
  case longName(limit: Int)
  /// An image beside the folders of the classes.
  case noClass
}

extension ImageFileProblem: CustomStringConvertible {
  package var description: String {
    switch self {
    case .empty: "the file is empty"
    case .unknownFormat: "it is no PNG, JPEG or WebP"
    case .truncated: "the file ends early"
    case .damaged(let detail): "it is damaged (\(detail))"
    case .unsupported(let detail): "it is of a kind that is not read (\(detail))"
    case .tooManyPixels(let width, let height, let limit):
      "the header promises \(height)×\(width) pixels, more than the limit of \(limit)"
    case .tooManyBytes(let count, let limit):
      "it has \(count) bytes, more than the limit of \(limit)"
    case .noMemory: "there is not enough memory for it"
    case .unreadable(let code): "\(code)"
    case .notAFile: "it is not a regular file"
    case .brokenLink: "a link that leads nowhere"
    case .linkToFolder: "a link to a folder, which is not followed"
    case .outsideFolder: "it leads out of the folder"
    case .longName(let limit): "its path has more than \(limit) bytes"
    case .noClass: "it is in no folder of a class"
    }
  }
}
