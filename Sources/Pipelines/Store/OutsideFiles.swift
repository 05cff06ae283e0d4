import SystemPackage

/// The bytes behind path parameters.
///
/// A folder's digest covers the relative names and hashes of all files in it, in the order of their
/// names; empty folders do not count. Symbolic links to files are followed; of those that lead elsewhere, to
/// a folder or nowhere, and of pipes and devices, the digest covers that they are there.
struct OutsideFiles {
  let files: FileSystem
  let cache: StatCache
  /// The folder that runs write to.
  let store: FilePath

  /// Larger files are not what they seem, such as the memory of the machine as a file; they are not read.
  private static let largestLinkedSize: Int64 = 1 << 40

  /// - Throws: `PipelineError`: `holdsStore` for a folder with the store in it, which would never stay as it was read.
  func digest(of path: FilePath) throws(PipelineError) -> Digest {
    var builder = DigestBuilder()
    switch try files.status(of: path).kind {
    case .file:
      builder.add("file")
      builder.add(try cache.digest(of: path).digest)
    case .folder:
      guard !holdsStore(path) else { throw .holdsStore(path: path, store: store) }
      var found: [(name: String, digest: Digest)] = []
      try collect(path, prefix: "", into: &found)
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
    _ folder: FilePath, prefix: String, into found: inout [(name: String, digest: Digest)]
  ) throws(PipelineError) {
    let names: [FilePath.Component]
    do {
      names = try files.names(in: folder).sorted { $0.string < $1.string }
    } catch .system(.list, _, .notDirectory) {
      throw .changedWhileRead(path: folder)
    }
    for name in names {
      let path = folder.appending(name)
      let (kind, status) = try files.entryStatus(of: path)
      switch kind {
      case .file:
        found.append((prefix + name.string, try cache.digest(of: path, status: status).digest))
      case .folder:
        try collect(path, prefix: prefix + name.string + "/", into: &found)
      case .link:
        found.append((prefix + name.string, try digest(ofLink: path)))
      case .other:
        found.append((prefix + name.string, mark("neither a file nor a folder")))
      }
    }
  }

  /// Whether the store lies in a folder, or will: its own folder may not be there yet.
  func holdsStore(_ folder: FilePath) -> Bool {
    var place = files.realPath(store) ?? files.realPath(store.removingLastComponent())
    guard let end = files.realPath(folder) else { return false }
    while let current = place {
      if current == end { return true }
      place = current.components.isEmpty ? nil : current.removingLastComponent()
    }
    return false
  }

  private func digest(ofLink path: FilePath) throws(PipelineError) -> Digest {
    let text = mark("link", try files.target(ofLink: path).string)
    do throws(PipelineError) {
      let (kind, status) = try files.status(of: path)
      guard kind == .file, status.size < Self.largestLinkedSize else { return text }
      return try cache.digest(of: path, status: status).digest
    } catch .system(.examine, _, _) {
      // It leads nowhere, or round in a circle.
      return text
    }
  }

  private func mark(_ words: String...) -> Digest {
    var builder = DigestBuilder()
    for word in words { builder.add(word) }
    return builder.finish()
  }
}
