import Glibc
import SystemPackage

/// All regular files in a folder and the folders in it, without hidden ones.
///
/// Names are bytes to the system; those that are not UTF-8 are kept as they are in paths. Links to files
/// within the folder are files, others are not followed: a link to the root of the disk, or to itself, would
/// have no end.
struct FolderWalk {
  /// A folder with the files in it, by name.
  struct Folder {
    /// Its path in the root, empty for the root itself; `/` between components.
    let name: String
    /// With the bytes that its name has, which need not be UTF-8.
    let path: FilePath
    let files: [FilePath.Component]
  }

  /// More files and folders than this are no image set.
  static let largestCount = 20_000_000
  /// Names are stored with every sample.
  static let longestName = 1024

  let root: FilePath
  /// In the order of their paths, as bytes.
  private(set) var folders: [Folder] = []
  private(set) var leftOut: [ImageFileNote] = []

  private let realRoot: FilePath
  private var count = 0

  /// - Throws: `ImageReaderError` when a folder cannot be read, or for more files than could be meant.
  init(_ root: FilePath) throws(ImageReaderError) {
    self.root = root
    guard let real = Self.realPath(root) else {
      throw ImageReaderError(root, .system(Errno(rawValue: errno)))
    }
    realRoot = real
    var pending = [(name: "", path: root)]
    while let (name, path) = pending.popLast() {
      do throws(Errno) {
        let (files, folders) = try list(name, at: path)
        self.folders.append(Folder(name: name, path: path, files: files))
        pending += folders
      } catch {
        // Without it the set would be another one, and classes behind it would have other numbers.
        throw ImageReaderError(path, .system(error))
      }
      guard count <= Self.largestCount else {
        throw ImageReaderError(root, .tooManyFiles(limit: Self.largestCount))
      }
    }
    folders.sort { $0.name.isBefore($1.name) }
    leftOut.sort { $0.name.isBefore($1.name) }
  }

  /// The files of a folder, sorted, and the folders in it.
  private mutating func list(
    _ name: String, at folder: FilePath
  ) throws(Errno) -> (files: [FilePath.Component], folders: [(name: String, path: FilePath)]) {
    guard let stream = (folder.isEmpty ? "." : folder).withPlatformString({ opendir($0) }) else {
      throw Errno(rawValue: errno)
    }
    defer { closedir(stream) }
    var files: [FilePath.Component] = []
    var folders: [(name: String, path: FilePath)] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        // A folder that was read in part would be a smaller set without a word.
        if errno != 0 { throw Errno(rawValue: errno) }
        break
      }
      let component = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
          FilePath.Component(platformString: $0)
        }
      }
      guard let component, component.kind == .regular, !component.isHidden else { continue }
      count += 1
      let child = name.isEmpty ? component.string : name + "/" + component.string
      switch try kind(of: folder.appending(component), entryType: Int32(entry.pointee.d_type)) {
      case .success(.file):
        if child.utf8.count <= Self.longestName {
          files.append(component)
        } else {
          leftOut.append(ImageFileNote(child, .longName(limit: Self.longestName)))
        }
      case .success(.folder): folders.append((child, folder.appending(component)))
      case .failure(let problem): leftOut.append(ImageFileNote(child, problem))
      }
    }
    files.sort { $0.string.isBefore($1.string) }
    return (files, folders)
  }

  private enum Kind { case file, folder }

  private func kind(of path: FilePath, entryType: Int32) throws(Errno) -> Result<Kind, ImageFileProblem> {
    switch entryType {
    case Int32(DT_REG): return .success(.file)
    case Int32(DT_DIR): return .success(.folder)
    default: break
    }
    var status = stat()
    guard path.withPlatformString({ lstat($0, &status) }) == 0 else {
      throw Errno(rawValue: errno)
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .success(.file)
    case S_IFDIR: return .success(.folder)
    case S_IFLNK: break
    default: return .failure(.notAFile)
    }
    guard let target = Self.realPath(path) else { return .failure(.brokenLink) }
    guard path.withPlatformString({ stat($0, &status) }) == 0 else { return .failure(.brokenLink) }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: return .failure(.linkToFolder)
    case S_IFREG: return target.starts(with: realRoot) ? .success(.file) : .failure(.outsideFolder)
    default: return .failure(.notAFile)
    }
  }

  /// Where a path leads when all links are followed; `nil` with `errno` set where it leads nowhere.
  static func realPath(_ path: FilePath) -> FilePath? {
    (path.isEmpty ? "." : path).withPlatformString { name in
      guard let resolved = realpath(name, nil) else { return nil }
      defer { free(resolved) }
      return FilePath(platformString: resolved)
    }
  }
}

extension FilePath.Component {
  /// By its name; `__MACOSX` is what archives made there carry along.
  fileprivate var isHidden: Bool { string.hasPrefix(".") || string == "__MACOSX" }
}

extension String {
  /// The order of bytes, which is that of code points and of Python.
  func isBefore(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
