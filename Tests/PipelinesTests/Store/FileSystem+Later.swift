import Pipelines

extension FileSystem {
  /// On a clock that is a minute ahead: whatever is written is long settled, and the cache remembers it.
  static var later: FileSystem {
    var files = FileSystem()
    let now = files.now
    files.now = { now() + 60_000_000_000 }
    return files
  }
}
