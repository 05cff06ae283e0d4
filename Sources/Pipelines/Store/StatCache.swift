import Synchronization
import SystemPackage

/// Hashes of files that need not be read again as long as their status stays the same.
///
/// Time stamps decide nothing here but whether a known hash still holds. A file that was changed so
/// shortly before it was read that a later change might leave the same time stamps is not remembered.
///
/// Stages at work ask it from their own threads (which program runs them), while the runner asks about the files of
/// others. Files are read outside of the lock: two threads may read one twice.
package final class StatCache: Sendable {
  private struct Entry {
    let status: FileStatus
    let digest: Digest
  }

  /// A change less than this before reading may be hidden by the resolution of the file system's clock:
  /// 2 s on the coarsest that are in use.
  static let graceNanoseconds: Int64 = 2_000_000_000

  private struct State {
    var entries: [String: Entry]
    /// What this process has asked about.
    var asked: Set<String> = []
    var isChanged = false
    var readCount = 0
  }

  private let path: FilePath
  private let files: FileSystem
  /// So many files are remembered that this process has not asked about: of other runs, and of sets of long ago.
  private let mostOthers: Int
  private let state: Mutex<State>

  /// How many files were read through, for tests.
  package var readCount: Int { state.withLock { $0.readCount } }

  /// Reads the cache; a missing, damaged or unreadable one is an empty one.
  package init(path: FilePath, files: FileSystem, mostOthers: Int = 200_000) {
    self.path = path
    self.files = files
    self.mostOthers = mostOthers
    state = Mutex(State(entries: Self.entries(at: path, files)))
  }

  private static func entries(at path: FilePath, _ files: FileSystem) -> [String: Entry] {
    guard let bytes = try? files.contents(of: path), let text = Seal.removed(from: bytes) else { return [:] }
    let lines = text.split(separator: UInt8(ascii: "\n"))
    guard let first = lines.first, first.elementsEqual(format.utf8) else { return [:] }
    var entries: [String: Entry] = [:]
    entries.reserveCapacity(lines.count)
    for line in lines.dropFirst() {
      guard let (key, entry) = Self.entry(line) else { continue }
      entries[key] = entry
    }
    return entries
  }

  // A line for each file, and no JSON: with 60,000 files, the cache is read in a third of the time.
  private static let format = "winnow-stat-cache-2"

  private static func entry(_ line: ArraySlice<UInt8>) -> (String, Entry)? {
    let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 6, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    guard fields.count == 7, let digest = Digest(fields[0]), let device = UInt64(fields[1]),
      let inode = UInt64(fields[2]), let size = Int64(fields[3]), let modified = Int64(fields[4]),
      let changed = Int64(fields[5])
    else { return nil }
    let status = FileStatus(
      device: device, inode: inode, size: size, modified: modified, changed: changed)
    return (fields[6], Entry(status: status, digest: digest))
  }

  /// The digest and size of a file's content.
  package func digest(of path: FilePath) throws(PipelineError) -> (digest: Digest, size: Int64) {
    try digest(of: path, status: files.status(of: path).status)
  }

  /// The same for a file whose status has just been looked at.
  func digest(
    of path: FilePath, status: FileStatus
  ) throws(PipelineError) -> (digest: Digest, size: Int64) {
    let entry = state.withLock { state in
      state.asked.insert(path.string)
      return state.entries[path.string]
    }
    if let entry, entry.status == status { return (entry.digest, status.size) }
    return try reread(path)
  }

  /// Reads the file whatever the cache says, and remembers what it finds.
  func reread(_ path: FilePath) throws(PipelineError) -> (digest: Digest, size: Int64) {
    let start = files.now()
    let (digest, status) = try files.hash(path)
    let isSettled = max(status.modified, status.changed) < start - Self.graceNanoseconds
    let entry = isSettled ? Entry(status: status, digest: digest) : nil
    state.withLock { state in
      state.readCount += 1
      if entry != nil || state.entries[path.string] != nil { state.isChanged = true }
      state.asked.insert(path.string)
      state.entries[path.string] = entry
    }
    return (digest, status.size)
  }

  func forget(_ path: FilePath) {
    state.withLock { state in
      if state.entries.removeValue(forKey: path.string) != nil { state.isChanged = true }
    }
  }

  /// Writes the cache if something in it is new.
  package func save() throws(PipelineError) {
    let changed = state.withLock { state -> [String: Entry]? in
      guard state.isChanged else { return nil }
      state.isChanged = false
      // Or every picture of every set that was ever looked at would be read at each start.
      if state.entries.count - state.asked.count > mostOthers {
        state.entries = state.entries.filter { state.asked.contains($0.key) }
      }
      return state.entries
    }
    guard let changed else { return }
    var text = Self.format + "\n"
    for (key, entry) in changed.sorted(by: { $0.key < $1.key }) {
      // A name with a line break would be two lines: such a file is read again each time.
      if key.utf8.contains(UInt8(ascii: "\n")) { continue }
      let status = entry.status
      text += "\(entry.digest) \(status.device) \(status.inode) \(status.size) \(status.modified) "
      text += "\(status.changed) \(key)\n"
    }
    do throws(PipelineError) {
      try files.replaceFile(at: path, with: Seal.added(to: text.utf8))
    } catch {
      state.withLock { $0.isChanged = true }
      throw error
    }
  }
}
