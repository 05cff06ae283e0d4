import HDF5
import TestSupport
import Testing

@Suite(.nothingStaysOpen) struct TextTests {
  let scratch: Scratch

  init() throws {
    scratch = try Scratch()
  }

  @Test(arguments: [
    ["airplane", "automobile", "", "bird"],
    ["ein Schloß", "ñandú", "飛行機", "🦆🦆", " spaces "],
    ["", ""], [""], [],
  ])
  func stringsComeBack(strings: [String]) throws {
    let file = try scratch.file { root in
      try root.write(strings, to: "plain")
      try root.write(strings, to: "compressed", storage: .compressed(rowsPerChunk: 2))
    }
    let root = try file.root
    #expect(try root.readStrings("plain") == strings)
    #expect(try root.readStrings("compressed") == strings)
    #expect(try root.dataset("plain").elementType == .string)
    #expect(try root.dataset("plain").shape == [strings.count])
  }

  @Test(arguments: ["cat", "", "Ärger", "two\nlines", String(repeating: "x", count: 200_000)])
  func aSingleStringComesBack(string: String) throws {
    let file = try scratch.file { try $0.write(string, to: "text", attributes: ["length": 3]) }
    #expect(try file.root.readString("text") == string)
    #expect(try file.root.dataset("text").shape == [])
    #expect(try file.root.dataset("text").attribute("length") == 3)
  }

  @Test func stringsHaveShapes() throws {
    let file = try scratch.file { try $0.write(["a", "bc", "def", ""], shape: [2, 2], to: "text") }
    #expect(try file.root.dataset("text").shape == [2, 2])
    #expect(try file.root.readStrings("text") == ["a", "bc", "def", ""])
  }

  @Test func zeroCharactersAreRefused() throws {
    let root = try File.create(at: scratch.path()).root
    #expect(try thrown { try root.write(["a", "b\0c"], to: "text") }.reason == .zeroInText)
    #expect(try thrown { try root.write("\0", to: "text") }.reason == .zeroInText)
    #expect(try thrown { try root.setAttribute("a", to: "b\0") }.reason == .zeroInText)
    #expect(try root.names == [])
    #expect(try root.attributeNames == [])
  }

  @Test func textDoesNotReadAsNumbers() throws {
    let file = try scratch.file { try $0.write(["1", "2"], to: "text") }
    let error = try thrown { try file.root.read("text", as: UInt8.self) }
    #expect(error.reason == .typeMismatch(stored: .string, requested: .uint8))
    let rows = try thrown { try file.root.dataset("text").readRows(0..<1, as: UInt8.self) }
    #expect(rows.reason == .typeMismatch(stored: .string, requested: .uint8))
  }
}
