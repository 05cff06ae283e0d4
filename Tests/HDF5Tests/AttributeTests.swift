import HDF5
import TestSupport
import Testing

@Suite(.nothingStaysOpen) struct AttributeTests {
  let scratch: Scratch

  init() throws {
    scratch = try Scratch()
  }

  private static let values: [String: AttributeValue] = [
    "text": "größer", "empty text": "", "list of text": .strings(["N", "", "Höhe", "C"]),
    "no text": .strings([]), "integer": -5, "largest": .integer(.max), "smallest": .integer(.min),
    "integers": .integers([1, 2, 3]), "no integers": .integers([]), "double": 0.1,
    "infinite": .double(-.infinity), "doubles": .doubles([0.5, -0.25]), "one": .doubles([1]),
    "no doubles": .doubles([]), "naïve/name": "slashes are allowed here",
  ]

  @Test func everyKindComesBackFromEveryObject() throws {
    let file = try scratch.file { root in
      try root.setAttributes(Self.values)
      try root.createGroup("group", attributes: Self.values)
      try root.write([1, 2], to: "dataset", attributes: Self.values)
      try root.write(["a"], to: "strings", attributes: Self.values)
    }
    let root = try file.root
    for object in [root, try root.group("group"), try root.dataset("dataset"), try root.dataset("strings")] {
      #expect(try object.attributeNames == Self.values.keys.sorted())
      for (name, value) in Self.values {
        #expect(try object.attribute(name) == value, "\(name) of \(object.path)")
      }
    }
  }

  @Test func typedAccessConvertsAndRefuses() throws {
    let file = try scratch.file { try $0.setAttributes(Self.values) }
    let root = try file.root
    #expect(try root.attribute("text", as: String.self) == "größer")
    #expect(try root.attribute("list of text", as: [String].self) == ["N", "", "Höhe", "C"])
    #expect(try root.attribute("integer", as: Int.self) == -5)
    #expect(try root.attribute("integer", as: Double.self) == -5)
    #expect(try root.attribute("integers", as: [Int].self) == [1, 2, 3])
    #expect(try root.attribute("integers", as: [Double].self) == [1, 2, 3])
    #expect(try root.attribute("double", as: Double.self) == 0.1)
    #expect(try root.attribute("doubles", as: [Double].self) == [0.5, -0.25])
    let error = try thrown { try root.attribute("double", as: Int.self) }
    #expect(error.reason
      == .attributeMismatch("double", stored: "a number", requested: "an integer"))
    #expect(error.description.hasSuffix("the attribute 'double' holds a number, not an integer"))
    #expect(throws: HDF5Error.self) { try root.attribute("text", as: [String].self) }
    #expect(throws: HDF5Error.self) { try root.attribute("integers", as: Int.self) }
  }

  @Test func settingAgainReplaces() throws {
    let file = try scratch.file { root in
      try root.setAttribute("a", to: "short")
      try root.setAttribute("a", to: .strings(["a", "longer", "list"]))
      try root.setAttribute("a", to: 3)
    }
    #expect(try file.root.attributeNames == ["a"])
    #expect(try file.root.attribute("a") == 3)
  }

  @Test func removing() throws {
    let file = try scratch.file { root in
      try root.setAttributes(["a": 1, "b": 2])
      try root.removeAttribute("a")
      #expect(try !root.hasAttribute("a"))
      #expect(try thrown { try root.removeAttribute("a") }.reason
        == .missingAttribute("a", present: ["b"]))
    }
    #expect(try file.root.attributeNames == ["b"])
  }

  @Test func missingAttributesAreNamed() throws {
    let file = try scratch.file { root in
      try root.createGroup("bare")
      try root.createGroup("group", attributes: ["rate": 0.1, "seed": 1])
    }
    let error = try thrown { try file.root.group("group").attribute("sed") }
    #expect(error.reason == .missingAttribute("sed", present: ["rate", "seed"]))
    #expect(error.description
      == "\(scratch.path()): /group: there is no attribute 'sed'; there are rate, seed")
    let bare = try thrown { try file.root.group("bare").attribute("x", as: Int.self) }
    #expect(bare.description.hasSuffix("there is no attribute 'x'; there are none"))
  }

  @Test func largeAndManyAttributesComeBack() throws {
    let manifest = String(repeating: "stage train : load  # größer\n", count: 20_000)
    let numbers = (0..<100_000).map { Double($0) / 3 }
    let file = try scratch.file { root in
      try root.setAttribute("manifest", to: .string(manifest))
      try root.setAttribute("numbers", to: .doubles(numbers))
      for index in 0..<300 { try root.setAttribute("attribute \(index)", to: .integer(index)) }
      try root.setAttribute("manifest", to: .string(manifest + "end"))
    }
    #expect(try file.root.attribute("manifest", as: String.self) == manifest + "end")
    #expect(try file.root.attribute("numbers", as: [Double].self) == numbers)
    #expect(try file.root.attribute("attribute 299") == 299)
    #expect(try file.root.attributeNames.count == 302)
  }

  @Test func namesAreChecked() throws {
    let root = try File.create(at: scratch.path()).root
    #expect(try thrown { try root.setAttribute("", to: 1) }.reason == .invalidName(""))
    #expect(try thrown { try root.setAttribute("a\0b", to: 1) }.reason == .invalidName("a\0b"))
    #expect(try thrown { try root.hasAttribute("") }.reason == .invalidName(""))
  }
}
