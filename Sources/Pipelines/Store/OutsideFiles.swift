import SystemPackage

/// The bytes behind path parameters.
///
/// A folder's digest covers the relative names and hashes of all files in it, in the order of their
/// names; symbolic links are followed, empty folders do not count.
struct OutsideFiles {
  let files: FileSystem
  let cache: StatCache

  func digest(of path: FilePath) throws(PipelineError) -> Digest {
    var builder = DigestBuilder()
    let (kind, status) = try files.status(of: path)
    switch kind {
    case .file:
      builder.add("file")
      builder.add(try cache.digest(of: path).digest)
    case .folder:
      var found: [(name: String, digest: Digest)] = []
      try collect(path, prefix: "", within: [status.identity], into: &found)
      builder.add("folder")
      builder.add(found.count)
      for (name, digest) in found {
        builder.add(name)
        builder.add(digest)
      }
    case .link, .other:
      throw .notAFile(path: path)
    }
    return builder.finish()
  }

  private func collect(
    _ folder: FilePath, prefix: String, within outer: [FileIdentity],
    into found: inout [(name: String, digest: Digest)]
  ) throws(PipelineError) {
    let names: [FilePath.Component]
    do {
      names = try files.names(in: folder).sorted { $0.string < $1.string }
    } catch .system(.list, _, .notDirectory) {
      throw .changedWhileRead(path: folder)
    }
    for name in names {
      let path = folder.appending(name)
      let (kind, status) = try files.status(of: path)
      switch kind {
      case .file:
        found.append((prefix + name.string, try cache.digest(of: path).digest))
      case .folder:
        guard !outer.contains(status.identity) else { throw .circularFolder(path: path) }
        try collect(
          path, prefix: prefix + name.string + "/", within: outer + [status.identity], into: &found)
      case .link, .other:
        throw .notAFile(path: path)
      }
    }
  }
}

private struct FileIdentity: Hashable {
  let device: UInt64
  let inode: UInt64
}

extension FileStatus {
  fileprivate var identity: FileIdentity { FileIdentity(device: device, inode: inode) }
}
