import Foundation
import SystemPackage

/// A file or folder that a manifest names and that cannot be read.
struct MissingPath {
  let reason: String
  /// A similar path that exists, as it would be written in the manifest.
  let nearest: String?

  /// Returns `nil` if the path can be read.
  init?(_ written: String, in directory: FilePath) {
    let path = FilePath(written)
    guard let error = Self.error(of: directory.pushing(path)) else { return nil }
    self.reason = error.description
    self.nearest = error == .noSuchFileOrDirectory ? Self.nearest(to: path, in: directory) : nil
  }

  private static func error(of path: FilePath) -> Errno? {
    let isReadable = path.withPlatformString { access($0, R_OK) == 0 }
    return isReadable ? nil : Errno(rawValue: errno)
  }

  /// Replaces the first component that does not exist by the most similar one that does.
  private static func nearest(to path: FilePath, in directory: FilePath) -> String? {
    var parent = FilePath(root: path.root, [])
    for component in path.components {
      let child = parent.appending(component)
      if error(of: directory.pushing(child)) == .noSuchFileOrDirectory {
        let folder = directory.pushing(parent).string
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)
        guard let name = Suggestion.nearest(to: component.string, among: (names ?? []).sorted()),
          let corrected = FilePath.Component(name)
        else { return nil }
        let rest = path.components.dropFirst(parent.components.count + 1)
        let candidate = parent.appending(corrected).appending(rest)
        return error(of: directory.pushing(candidate)) == nil ? candidate.string : nil
      }
      parent = child
    }
    return nil
  }
}
