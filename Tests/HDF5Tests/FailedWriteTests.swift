import HDF5
import SystemPackage
import TestSupport
import Testing

/// What happens when the system refuses to write: an error every time, and a library that still works.
@Suite(.nothingStaysOpen) struct FailedWriteTests {
  let scratch: Scratch

  init() throws {
    scratch = try Scratch()
  }

  private func fill(_ file: File) throws {
    let root = try file.root
    try root.setAttribute("manifest", to: .string(String(repeating: "line\n", count: 20_000)))
    for layer in 0..<12 {
      try root.write([Float](repeating: 1, count: 5000), to: "weights/\(layer)", attributes: ["unit": "1"])
    }
    let rows = try root.createDataset(
      "rows", of: Int.self, shape: [64, 64], storage: .compressed(rowsPerChunk: 5))
    for first in stride(from: 0, to: 64, by: 16) {
      try rows.writeRows(at: first, from: (0..<16 * 64).map { $0 &* first })
    }
    try file.flush()
    try root.write(["a", "b"], to: "names")
  }

  @Test(arguments: [Errno.noSpace, .ioError])
  func everyFailedWriteIsReported(error: Errno) throws {
    var count = 0
    while true {
      let file = try File.create(at: scratch.path())
      file.failWrites(after: count, with: error)
      var reported: HDF5Error?
      do { try fill(file) } catch let failure as HDF5Error { reported = failure }
      do {
        try file.close()
        #expect(reported == nil, "closing must repeat the error")
        break
      } catch {
        reported = reported ?? error
      }
      guard case .system(_, error) = try #require(reported).reason else {
        Issue.record("after \(count) writes: \(String(describing: reported))")
        return
      }
      #expect(openObjectCount(in: scratch.folder) == 0)
      count += 1
    }
    #expect(count > 30)
    #expect(try File.open(at: scratch.path()).root.readStrings("names") == ["a", "b"])
  }

  /// A dataset holds chunks back; they are written when it is let go, with nobody there to catch an error.
  @Test(arguments: [true, false])
  func whatAnObjectCouldNotWriteIsReportedByClosing(explicitly: Bool) throws {
    let file = try File.create(at: scratch.path())
    let root = try file.root
    var dataset: Dataset? = try root.createDataset("a", of: Int.self, shape: [100], storage: .compressed())
    try dataset?.write(Array(0..<100))
    file.failWrites(after: 0, with: .noSpace)
    if explicitly {
      #expect(try thrown { try dataset?.close() }.reason == .system(.close, .noSpace))
    }
    dataset = nil
    #expect(try thrown { try root.names }.reason == .system(.list, .noSpace), "the file is of no use now")
    let error = try thrown { try file.close() }
    #expect(error.reason == .system(.close, .noSpace))
    #expect(error.object == (explicitly ? "/" : "/a"))
    #expect(error.description.hasSuffix("cannot close: No space left on device"))
    #expect(openObjectCount(in: scratch.folder) == 0)
  }

  @Test func aFileThatWasNotClosedIsRefused() throws {
    let file = try File.create(at: scratch.path())
    try file.root.write([1, 2], to: "a")
    try file.flush()
    let copy = scratch.path("copy.h5")
    try write(bytes(of: scratch.path()), to: copy)
    let error = try thrown { try File.open(at: copy) }
    #expect(error.description.contains("file is already open for write"))
    try file.close()
    try write(bytes(of: scratch.path()), to: copy)
    #expect(try File.open(at: copy).root.read("a") == [1, 2])
  }
}
