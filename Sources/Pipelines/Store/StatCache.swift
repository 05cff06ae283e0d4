import SystemPackage

/// Hashes of files that need not be read again as long as their status stays the same.
///
/// Time stamps decide nothing here but whether a known hash still holds. A file that was changed so
/// shortly before it was read that a later change might leave the same time stamps is not remembered.
package final class StatCache {
  private struct Entry {
    let status: FileStatus
    let digest: Digest
  }

  /// A change less than this before reading may hide in the grain of the file system's clock:
  /// 2 s on the coarsest that are in use.
  static let graceNanoseconds: Int64 = 2_000_000_000

  private let path: FilePath
  private let files: FileSystem
  private var entries: [String: Entry] = [:]
  private var isChanged = false
  /// How many files were read through, for tests.
  package private(set) var readCount = 0

  /// Reads the cache; a missing, damaged or unreadable one is an empty one.
  init(path: FilePath, files: FileSystem) {
    self.path = path
    self.files = files
    guard let bytes = try? files.contents(of: path), let text = SealedText(bytes) else { return }
    for line in text.lines where line.count == 7 {
      let numbers = line[1...5].compactMap { Int64($0) }
      guard numbers.count == 5, let digest = Digest(line[6]) else { continue }
      let status = FileStatus(
        device: UInt64(bitPattern: numbers[0]), inode: UInt64(bitPattern: numbers[1]),
        size: numbers[2], modified: numbers[3], changed: numbers[4])
      entries[line[0]] = Entry(status: status, digest: digest)
    }
  }

  /// The digest and size of a file's content.
  func digest(of path: FilePath) throws(PipelineError) -> (digest: Digest, size: Int64) {
    let key = path.string
    let (_, status) = try files.status(of: path)
    if let entry = entries[key], entry.status == status { return (entry.digest, status.size) }
    return try reread(path)
  }

  /// Reads the file whatever the cache says, and remembers what it finds.
  func reread(_ path: FilePath) throws(PipelineError) -> (digest: Digest, size: Int64) {
    let start = files.now()
    let (digest, status) = try files.hash(path)
    readCount += 1
    let isSettled = max(status.modified, status.changed) < start - Self.graceNanoseconds
    let entry = isSettled ? Entry(status: status, digest: digest) : nil
    if entry != nil || entries[path.string] != nil { isChanged = true }
    entries[path.string] = entry
    return (digest, status.size)
  }

  func forget(_ path: FilePath) {
    if entries.removeValue(forKey: path.string) != nil { isChanged = true }
  }

  /// Writes the cache if something in it is new.
  func save() throws(PipelineError) {
    guard isChanged else { return }
    var text = SealedText()
    for (key, entry) in entries.sorted(by: { $0.key < $1.key }) {
      let status = entry.status
      text.add(
        key, "\(Int64(bitPattern: status.device))", "\(Int64(bitPattern: status.inode))",
        "\(status.size)", "\(status.modified)", "\(status.changed)", entry.digest.text)
    }
    try files.replaceFile(at: path, with: text.bytes())
    isChanged = false
  }
}
