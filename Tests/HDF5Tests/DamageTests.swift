import HDF5
import SystemPackage
import TestSupport
import Testing

/// Every structure of a file carries a checksum, and here every element does too: a changed byte is either
/// noticed or of no consequence.
@Suite(.nothingStaysOpen) struct DamageTests {
  let scratch: Scratch
  let original: [UInt8]

  init() throws {
    scratch = try Scratch()
    let file = try scratch.file { root in
      try root.setAttributes(["kind": "split", "rates": .doubles([0.1, 0.2])])
      try root.write(
        (0..<500).map(Float.init), shape: [50, 10], to: "data/scores", storage: .checked(rowsPerChunk: 7))
      try root.write(
        (0..<500).map { $0 % 3 }, to: "data/classes", storage: .compressed(rowsPerChunk: 200))
      try root.write(["cat", "dög"], to: "names", storage: .checked())
    }
    try file.close()
    original = try bytes(of: scratch.path())
  }

  /// All that is in the file, in words.
  private func contents(of path: FilePath) throws -> [String] {
    let file = try File.open(at: path)
    let root = try file.root
    var contents = try root.names + root.group("data").names
    for name in try root.attributeNames { contents.append("\(name) \(try root.attribute(name))") }
    contents.append("\(try root.read("data/scores", as: Float.self))")
    contents.append("\(try root.read("data/classes", as: Int.self))")
    contents.append("\(try root.readStrings("names"))")
    try file.close()
    return contents
  }

  @Test func flippedBitsAreNoticedOrHarmless() throws {
    let whole = try contents(of: scratch.path())
    let damaged = scratch.path("damaged.h5")
    var noticed = 0
    var position = 0
    while position < original.count {
      var bytes = original
      bytes[position] ^= 1 << UInt8(position % 8)
      try write(bytes, to: damaged)
      do {
        #expect(try contents(of: damaged) == whole, "byte \(position)")
      } catch is HDF5Error {
        noticed += 1
      }
      position += 13
    }
    #expect(noticed > 100)
    #expect(openObjectCount(in: scratch.folder) == 0)
  }

  @Test func truncatedFilesAreNoticed() throws {
    let damaged = scratch.path("damaged.h5")
    for length in stride(from: 0, to: original.count, by: 97) + [original.count - 1] {
      try write(Array(original[..<length]), to: damaged)
      #expect(throws: HDF5Error.self, "\(length) bytes") { try contents(of: damaged) }
    }
    #expect(openObjectCount(in: scratch.folder) == 0)
  }

  @Test func aTruncatedFileIsDescribed() throws {
    let damaged = scratch.path("damaged.h5")
    try write(original.dropLast(100), to: damaged)
    let error = try thrown { try File.open(at: damaged) }
    #expect(error.description.hasPrefix(
      "\(damaged): cannot open the file, the file may be damaged: truncated file"))
  }

  @Test func checksumsCoverElements() throws {
    let pattern: [UInt8] = (0..<4000).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 8) }
    for (storage, isNoticed) in [(Storage.checked(), true), (.contiguous, false)] {
      try scratch.file { try $0.write(pattern, to: "bytes", storage: storage) }.close()
      var bytes = try bytes(of: scratch.path())
      let start = try #require(bytes.firstRange(of: pattern)).lowerBound
      bytes[start + 1234] ^= 0x10
      try write(bytes, to: scratch.path())
      let dataset = try File.open(at: scratch.path()).root.dataset("bytes")
      if isNoticed {
        let error = try thrown { try dataset.read(as: UInt8.self) }
        #expect(error.object == "/bytes")
        #expect(error.description.contains("cannot read the elements, the file may be damaged: "))
        #expect(error.description.contains("checksum"))
      } else {
        #expect(try dataset.read(as: UInt8.self) != pattern)
      }
    }
  }
}
