import Foundation
import HDF5
import SystemPackage
import TestSupport
import Testing

@Suite(.nothingStaysOpen) struct FileTests {
  let scratch: Scratch

  init() throws {
    scratch = try Scratch()
  }

  private func fill(_ root: Group) throws {
    try root.setAttributes(["kind": "split", "seed": 3])
    try root.createGroup("weights")
    for layer in 0..<20 {
      try root.write(
        (0..<300).map { Float($0 * layer) }, shape: [10, 30], to: "weights/layer\(layer).weight",
        storage: layer.isMultiple(of: 2) ? .contiguous : .compressed(rowsPerChunk: 3),
        attributes: ["axes": .strings(["out", "in"])])
    }
    try root.write(["a", "bcd"], to: "truth/names")
    let rows = try root.createDataset("rows", of: UInt8.self, shape: [100, 7], storage: .checked())
    for first in stride(from: 0, to: 100, by: 10) {
      try rows.writeRows(at: first, from: [UInt8](repeating: UInt8(first), count: 70))
    }
    for index in 0..<12 { try root.setAttribute("many\(index)", to: .integer(index)) }
    try root.setAttribute("seed", to: .string(String(repeating: "long", count: 30_000)))
  }

  @Test func equalCallsWriteEqualBytes() async throws {
    try scratch.file("one.h5", fill).close()
    try await Task.sleep(for: .seconds(1.1))
    try scratch.file("two.h5", fill).close()
    let one = try bytes(of: scratch.path("one.h5"))
    #expect(one == (try bytes(of: scratch.path("two.h5"))))
    #expect(one.count > 20_000)
  }

  @Test func creatingEmptiesWhatIsThere() throws {
    try scratch.file { try fill($0) }.close()
    let file = try scratch.file { try $0.write(1, to: "new") }
    #expect(try file.root.names == ["new"])
    #expect(try file.root.attributeNames == [])
  }

  @Test func appendingKeepsWhatIsThere() throws {
    try scratch.file { try $0.write([1, 2], to: "a") }.close()
    let file = try File.openForAppending(at: scratch.path())
    try file.root.setAttributes(["wall time": 1.5])
    try file.root.dataset("a").setAttribute("unit", to: "1")
    try file.root.write([3], to: "b")
    try file.flush()
    try file.close()
    let again = try File.open(at: scratch.path())
    #expect(try again.root.attribute("wall time") == 1.5)
    #expect(try again.root.dataset("a").attribute("unit") == "1")
    #expect(try again.root.read("a") == [1, 2])
    #expect(try again.root.read("b") == [3])
  }

  @Test func missingFilesAndFoldersAreNamed() throws {
    let missing = scratch.path("missing.h5")
    let error = try thrown { try File.open(at: missing) }
    #expect(error == HDF5Error(.system(.openFile, .noSuchFileOrDirectory), file: missing))
    #expect(error.description == "\(missing): cannot open the file: No such file or directory")
    #expect(try thrown { try File.openForAppending(at: missing) } == error)
    #expect(try thrown { try File.create(at: scratch.path("no/such/folder.h5")) }.reason
      == .system(.createFile, .noSuchFileOrDirectory))
    #expect(try thrown { try File.create(at: scratch.folder) }.reason == .system(.createFile, .isDirectory))
    #expect(try thrown { try File.open(at: scratch.folder) }.reason == .system(.openFile, .isDirectory))
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.folder.string).isEmpty)
  }

  @Test(.enabled(if: getuid() != 0, "root may do everything"))
  func permissionsAreNamed() throws {
    try scratch.file { _ in }.close()
    let path = scratch.path()
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path.string)
    #expect(try thrown { try File.open(at: path) }.reason == .system(.openFile, .permissionDenied))
    #expect(try thrown { try File.openForAppending(at: path) }.reason
      == .system(.openFile, .permissionDenied))
    #expect(try thrown { try File.create(at: path) }.reason == .system(.createFile, .permissionDenied))
  }

  @Test(arguments: ["", "PNG", String(repeating: "not an HDF5 file ", count: 1000)])
  func otherFilesAreNotHDF5(text: String) throws {
    try write(Array(text.utf8), to: scratch.path())
    let error = try thrown { try File.open(at: scratch.path()) }
    #expect(error == HDF5Error(.notHDF5, file: scratch.path()))
    #expect(error.description == "\(scratch.path()): this is not an HDF5 file")
    #expect(try thrown { try File.openForAppending(at: scratch.path()) }.reason == .notHDF5)
    #expect(try bytes(of: scratch.path()) == Array(text.utf8))
  }

  @Test func pathsMayHoldAnyCharacters() throws {
    let file = try scratch.file("Größe 'x' 飛.h5") { try $0.write(1, to: "a") }
    #expect(try file.root.readScalar("a") == 1)
  }

  @Test func closingIsFinalAndMayBeRepeated() throws {
    let file = try File.create(at: scratch.path())
    let group = try file.root.createGroup("a")
    let dataset = try group.createDataset("b", of: Int.self, shape: [2], storage: .compressed())
    try dataset.write([1, 2])
    #expect(openObjectCount(in: scratch.folder) >= 3)
    #expect(openObjectCount >= openObjectCount(in: scratch.folder))
    try file.close()
    #expect(openObjectCount(in: scratch.folder) == 0)
    try file.close()
    try dataset.close()
    #expect(try thrown { try file.root }.reason == .closed)
    #expect(try thrown { try file.flush() }.reason == .closed)
    #expect(try thrown { try group.names }.reason == .closed)
    #expect(try thrown { try group.setAttribute("a", to: 1) }.reason == .closed)
    let error = try thrown { try dataset.read(as: Int.self) }
    #expect(error.description == "\(scratch.path()): /a/b: used after it was closed")
    #expect(try File.open(at: scratch.path()).root.read("a/b") == [1, 2])
  }

  @Test func objectsKeepTheirFileOpenAndLetGo() throws {
    func dataset() throws -> Dataset {
      try scratch.file { try $0.write([1, 2], to: "a") }.root.dataset("a")
    }
    do {
      let dataset = try dataset()
      #expect(try dataset.read() == [1, 2])
      #expect(openObjectCount(in: scratch.folder) > 0)
      try dataset.close()
      #expect(try thrown { try dataset.read(as: Int.self) }.reason == .closed)
    }
    #expect(openObjectCount(in: scratch.folder) == 0)
  }

  @Test func failuresLeaveNothingOpen() throws {
    do {
      let file = try scratch.file { try $0.write([1, 2], to: "a/b") }
      #expect(throws: HDF5Error.self) { try file.root.read("a/b", as: Float.self) }
      #expect(throws: HDF5Error.self) { try file.root.readStrings("a/b") }
      #expect(throws: HDF5Error.self) { try file.root.group("a/b") }
      #expect(throws: HDF5Error.self) { try file.root.dataset("a/c") }
      #expect(throws: HDF5Error.self) { try file.root.attribute("c") }
      #expect(throws: HDF5Error.self) { try file.root.createGroup("c") }
      #expect(openObjectCount(in: scratch.folder) == 1)
    }
    #expect(openObjectCount(in: scratch.folder) == 0)
  }

  @Test func aFileMayBeOpenTwice() throws {
    let first = try scratch.file { try $0.write([1, 2], to: "a") }
    let second = try File.open(at: scratch.path())
    let dataset = try second.root.dataset("a")
    try first.close()
    #expect(try dataset.read() == [1, 2])
    #expect(try second.root.names == ["a"])
    try second.close()
    #expect(openObjectCount(in: scratch.folder) == 0)
  }

  @Test func aFileThatIsOpenIsNotEmptied() throws {
    let file = try scratch.file { try $0.write([1, 2], to: "a") }
    let error = try thrown { try File.create(at: scratch.path()) }
    guard case .library(.createFile, _) = error.reason else {
      Issue.record("unexpected \(error)")
      return
    }
    #expect(try file.root.read("a") == [1, 2])
  }

  @Test func filesAreUsedFromManyThreads() async throws {
    try await withThrowingTaskGroup(of: Bool.self) { tasks in
      for index in 0..<16 {
        let path = scratch.path("\(index).h5")
        tasks.addTask {
          let values = (0..<1000).map { $0 * index }
          let file = try File.create(at: path)
          try file.root.write(values, to: "a", storage: .compressed())
          #expect(throws: HDF5Error.self) { try file.root.dataset("b") }
          try file.close()
          return try File.open(at: path).root.read("a") == values
        }
      }
      for try await equal in tasks { #expect(equal) }
    }
    #expect(openObjectCount(in: scratch.folder) == 0)
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func aFullDiskIsNamed() throws {
    let file = try File.create(at: "/dev/full")
    try thrown { try file.root.write([1], to: "a") }
    let error = try thrown { try file.close() }
    #expect(error.description == "/dev/full: cannot close: No space left on device")
    #expect(openObjectCount(in: "/dev/full") == 0)
  }
}
