import HDF5
import TestSupport
import Testing

@Suite(.nothingStaysOpen) struct GroupTests {
  let scratch: Scratch

  init() throws {
    scratch = try Scratch()
  }

  @Test func pathsLeadThroughGroups() throws {
    let file = try scratch.file { root in
      try root.createGroup("b/deep/one")
      try root.write([1, 2], to: "b/values")
      try root.write("x", to: "new/path/text")
      try root.group("new").createGroup("größe")
    }
    let root = try file.root
    #expect(root.path == "/")
    #expect(try root.names == ["b", "new"])
    #expect(try root.group("b").names == ["deep", "values"])
    #expect(try root.group("b/deep").names == ["one"])
    #expect(try root.group("b/deep/one").path == "/b/deep/one")
    #expect(try root.group("b").dataset("values").path == "/b/values")
    #expect(try root.group("new/größe").names == [])
    #expect(try root.read("b/values") == [1, 2])
    #expect(try root.readString("new/path/text") == "x")
  }

  @Test func thousandsOfNamesAreSorted() throws {
    let names = (0..<2000).map { "layer\($0).weight" }
    let file = try scratch.file { root in
      for name in names { try root.write(Float(1), to: name) }
    }
    #expect(try file.root.names == names.sorted())
  }

  @Test func containsFindsWhatIsThere() throws {
    let file = try scratch.file { try $0.write([1], to: "a/b") }
    let root = try file.root
    #expect(try root.contains("a"))
    #expect(try root.contains("a/b"))
    #expect(try !root.contains("b"))
    #expect(try !root.contains("a/c"))
    #expect(try !root.contains("x/y/z"))
    #expect(try !root.contains("a/b/c"), "a dataset holds nothing")
    #expect(try root.groupIfPresent("a") != nil)
    #expect(try root.groupIfPresent("c") == nil)
    #expect(try root.object("a/b") is Dataset)
  }

  @Test func missingObjectsAreNamedWithWhatIsThere() throws {
    let file = try scratch.file { root in
      try root.write([1], to: "scores/fct")
      try root.write([1], to: "scores/index")
      try root.createGroup("empty")
    }
    let error = try thrown { try file.root.read("scores/ftc", as: Int.self) }
    #expect(error == HDF5Error(
      .missingObject(present: ["fct", "index"]), file: scratch.path(), object: "/scores/ftc"))
    #expect(error.description
      == "\(scratch.path()): /scores/ftc: there is no such object; the group contains fct, index")
    let first = try thrown { try file.root.group("score/fct") }
    #expect(first.reason == .missingObject(present: ["empty", "scores"]))
    let empty = try thrown { try file.root.dataset("empty/a") }
    #expect(empty.description.hasSuffix("there is no such object; the group is empty"))
  }

  @Test func kindsAreNotConfused() throws {
    let file = try scratch.file { try $0.write([1], to: "a/data") }
    let root = try file.root
    #expect(try thrown { try root.dataset("a") }.reason == .wrongKind(expected: "dataset"))
    #expect(try thrown { try root.group("a/data") }.reason == .wrongKind(expected: "group"))
    #expect(try thrown { try root.groupIfPresent("a/data") }.reason == .wrongKind(expected: "group"))
  }

  @Test func nothingIsCreatedTwice() throws {
    let root = try File.create(at: scratch.path()).root
    try root.createGroup("a")
    try root.write([1], to: "b")
    #expect(try thrown { try root.createGroup("a") }.reason == .alreadyExists)
    #expect(try thrown { try root.write([2], to: "a") }.reason == .alreadyExists)
    #expect(try thrown { try root.write(["x"], to: "b") }.reason == .alreadyExists)
    #expect(try thrown { try root.write([2], to: "b/c") }.reason == .wrongKind(expected: "group"))
    #expect(try root.read("b") == [1])
  }

  @Test(arguments: ["", "/", "/a", "a/", "a//b", ".", "a/./b", "a\0b"])
  func namesAreChecked(name: String) throws {
    let root = try File.create(at: scratch.path()).root
    #expect(try thrown { try root.createGroup(name) }.reason == .invalidName(name))
    #expect(try thrown { try root.write([1], to: name) }.reason == .invalidName(name))
    #expect(try thrown { try root.contains(name) }.reason == .invalidName(name))
    #expect(try root.names == [])
  }

  @Test func aReadOnlyFileRefusesNewObjects() throws {
    let file = try scratch.file { try $0.createGroup("a") }
    let error = try thrown { try file.root.createGroup("b") }
    guard case .library(.createGroup, let stack) = error.reason else {
      Issue.record("unexpected \(error)")
      return
    }
    #expect(!stack.isEmpty)
    #expect(error.description.hasPrefix("\(scratch.path()): /b: cannot create the group, "))
    #expect(throws: HDF5Error.self) { try file.root.setAttribute("a", to: 1) }
    #expect(throws: HDF5Error.self) { try file.root.write([1], to: "c") }
  }
}
