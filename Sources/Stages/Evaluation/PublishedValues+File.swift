import Pipelines
import Reports
import SystemPackage

extension PublishedValues {
  /// Larger files are something else.
  private static let sizeLimit = 1 << 20

  /// Reads a text file.
  ///
  /// - Throws: `PublishedFileError`.
  init(at path: FilePath, variables: [String]) throws(PublishedFileError) {
    let bytes: [UInt8]
    do {
      bytes = try SmallFile.bytes(at: path, limit: Self.sizeLimit)
    } catch {
      throw PublishedFileError(path: path, reason: .unreadable(error))
    }
    guard bytes.count <= Self.sizeLimit else {
      throw PublishedFileError(path: path, reason: .tooLarge(limit: Self.sizeLimit))
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw PublishedFileError(path: path, reason: .notText)
    }
    do {
      try self.init(text, variables: variables)
    } catch {
      throw PublishedFileError(path: path, reason: .content(error))
    }
  }
}

/// A file that holds no published values.
struct PublishedFileError: Error, Hashable {
  enum Reason: Hashable {
    case unreadable(Errno)
    case tooLarge(limit: Int)
    case notText
    case content(PublishedValuesError)
  }

  let path: FilePath
  let reason: Reason
}

extension PublishedFileError: CustomStringConvertible {
  var description: String {
    switch reason {
    case .unreadable(let code): "'\(path)': \(code)"
    case .tooLarge(let limit): "'\(path)': more than \(limit) bytes are no table of published values"
    case .notText: "'\(path)' is no text in UTF-8; a table of published values is a plain text"
    case .content(let error): "\(path):\(error)"
    }
  }
}

extension PublishedFileError: ErrorWithExitStatus {
  var exitStatus: ExitStatus {
    switch reason {
    case .unreadable(.noSuchFileOrDirectory): .noInput
    case .unreadable: .inputOutput
    default: .data
    }
  }
}
