import Foundation
import SystemPackage

/// The names of what is in a folder.
enum FolderListing {
  /// The names in `folder`, sorted, without hidden ones.
  ///
  /// - Throws: `ImageReaderError` when there is no such folder or it cannot be read.
  static func names(in folder: FilePath) throws(ImageReaderError) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder.string)
        .filter { !$0.hasPrefix(".") }.sorted()
    } catch {
      switch Self.systemError(error) {
      case .noSuchFileOrDirectory:
        let parent = folder.removingLastComponent()
        let hasParent = folder.components.count > 0 && parent != folder
        throw ImageReaderError(
          folder, .folderMissing(siblings: hasParent ? try? names(in: parent) : nil))
      case .notDirectory: throw ImageReaderError(folder, .notAFolder)
      case let code: throw ImageReaderError(folder, .system(code))
      }
    }
  }

  /// What the system said, which Foundation wraps.
  private static func systemError(_ error: any Error) -> Errno {
    let cause = (error as? CocoaError)?.underlying as? POSIXError
    return cause.map { Errno(rawValue: $0.code.rawValue) } ?? .ioError
  }
}
