import Glibc
import SystemPackage

/// The names of what is in a folder.
enum FolderListing {
  /// The names in `folder`, sorted, without hidden ones.
  ///
  /// - Throws: `ImageReaderError` when there is no such folder or it cannot be read.
  static func names(in folder: FilePath) throws(ImageReaderError) -> [String] {
    guard let stream = opendir(folder.string.isEmpty ? "." : folder.string) else {
      switch Errno(rawValue: errno) {
      case .noSuchFileOrDirectory:
        let parent = folder.removingLastComponent()
        let hasParent = folder.components.count > 0 && parent != folder
        throw ImageReaderError(
          folder, .folderMissing(siblings: hasParent ? try? names(in: parent) : nil))
      case .notDirectory: throw ImageReaderError(folder, .notAFolder)
      case let code: throw ImageReaderError(folder, .system(code))
      }
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) {
          String(cString: $0)
        }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }
}
