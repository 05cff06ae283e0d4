import SystemPackage

/// Which build a program is: two of the same version may compute differently.
///
/// The build ID that linkers leave in ELF files; where there is none, the hash of the whole file.
package struct ProgramBuild: Hashable, Sendable {
  package let text: String

  /// Found out when it is first asked for: most runs never do.
  static let running = ProgramBuild(of: "/proc/self/exe")

  /// Where there is no `/proc`. Programs are all equal then: their version alone decides.
  static let unknown = ProgramBuild(text: "unknown")

  init(text: String) { self.text = text }

  /// - Parameter path: an executable; one that cannot be read is unknown.
  package init(of path: FilePath) {
    if let text = Self.buildID(of: path) ?? (try? FileSystem().hash(path).digest.text) {
      self.init(text: text)
    } else {
      self = .unknown
    }
  }

  /// What a person needs to tell two builds apart.
  var abbreviation: String { String(text.prefix(12)) }
}

// MARK: - Build IDs

extension ProgramBuild {
  /// Types of the ELF format: a segment of notes, and the note that holds the build ID.
  private static let noteSegment = 4
  private static let buildIDNote = 3

  private static func buildID(of path: FilePath) -> String? {
    guard let descriptor = try? FileDescriptor.open(path, .readOnly) else { return nil }
    defer { try? descriptor.close() }
    guard let header = FileSlice(descriptor, at: 0, count: 64),
      // 64 bits, the lowest byte first.
      header.bytes.prefix(6) == [0x7F, 0x45, 0x4C, 0x46, 2, 1],
      let table = FileSlice(
        descriptor, at: header.number(at: 32, bytes: 8),
        count: header.number(at: 54, bytes: 2) * header.number(at: 56, bytes: 2))
    else { return nil }
    for start in stride(from: 0, to: table.bytes.count, by: header.number(at: 54, bytes: 2)) {
      guard table.number(at: start, bytes: 4) == noteSegment,
        let notes = FileSlice(
          descriptor, at: table.number(at: start + 8, bytes: 8),
          count: table.number(at: start + 32, bytes: 8))
      else { continue }
      let alignment = table.number(at: start + 48, bytes: 8) == 8 ? 8 : 4
      if let found = buildID(in: notes, alignment: alignment) { return found }
    }
    return nil
  }

  private static func buildID(in notes: FileSlice, alignment: Int) -> String? {
    func aligned(_ count: Int) -> Int { (count + alignment - 1) / alignment * alignment }
    var start = 0
    while start + 12 <= notes.bytes.count {
      let name = start + 12
      let content = aligned(name + notes.number(at: start, bytes: 4))
      let end = content + notes.number(at: start + 4, bytes: 4)
      guard end <= notes.bytes.count else { return nil }
      if notes.number(at: start + 8, bytes: 4) == buildIDNote, end - content >= 8,
        notes.bytes[name...].starts(with: Array("GNU\0".utf8))
      {
        return notes.bytes[content..<end].map {
          String($0 >> 4, radix: 16) + String($0 & 15, radix: 16)
        }.joined()
      }
      start = aligned(end)
    }
    return nil
  }
}

/// A few bytes of a file, and the numbers in them.
private struct FileSlice {
  /// More than any table of an executable.
  private static let limit = 1 << 20

  let bytes: [UInt8]

  /// `nil` where the file does not have them.
  init?(_ descriptor: FileDescriptor, at offset: Int, count: Int) {
    guard offset >= 0, (1...Self.limit).contains(count) else { return nil }
    var bytes = [UInt8](repeating: 0, count: count)
    let read = try? bytes.withUnsafeMutableBytes {
      try descriptor.read(fromAbsoluteOffset: Int64(offset), into: $0)
    }
    guard read == count else { return nil }
    self.bytes = bytes
  }

  /// An unsigned number of up to 8 bytes; 0 where there is none, and for one that is too large.
  func number(at offset: Int, bytes count: Int) -> Int {
    guard offset >= 0, offset + count <= bytes.count else { return 0 }
    let value = bytes[offset..<(offset + count)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int(exactly: value) ?? 0
  }
}
