import Pipelines
import Testing

/// How the values of a manifest are read, and their canonical form.
@Suite struct ParameterReadingTests {
  static let integer = Parameter<Int>.integer("n", in: -100_000...100_000, "").declaration
  static let real = Parameter<Double>.real("x", in: -1000...1000, "").declaration
  static let share = Parameter<Double>.share("p", "").declaration
  static let flag = Parameter<Bool>.flag("f", "").declaration
  static let integers = Parameter<[Int]>.integers("l", in: 0...50_000, "").declaration
  static let names = Parameter<[String]?>.optionalNames("k", absent: "all", "").declaration
  static let optional = Parameter<Int?>.optionalInteger("o", in: 1...9, absent: "all", "").declaration

  @Test(arguments: [
    ("0", "0"), ("7", "7"), ("-7", "-7"), ("+7", "7"), ("007", "7"), ("50_000", "50000"),
    ("1_0_0", "100"), ("-100_000", "-100000"),
  ]) func integers(_ text: String, _ canonical: String) throws {
    #expect(try Self.integer.value(of: text).canonical == canonical)
  }

  @Test(arguments: [
    "", "x", "1.0", "1e3", "0x10", "1 000", "1,000", "_1", "1_", "1__0", "--1", "10%", "100_001",
    "99999999999999999999", "٣", "none",
  ]) func wrongIntegers(_ text: String) {
    #expect(throws: ParameterDeclaration.Rejection.self) { try Self.integer.value(of: text) }
  }

  @Test(arguments: [
    ("0.1", "0.1"), ("0.10", "0.1"), (".1", "0.1"), ("1e-1", "0.1"), ("1E-1", "0.1"), ("1", "1"),
    ("1.0", "1"), ("-0", "0"), ("-0.0", "0"), ("1_000", "1000"), ("1e-3", "0.001"), ("+2.5", "2.5"),
    ("0.0005", "0.0005"), ("1e-7", "1e-07"),
  ]) func reals(_ text: String, _ canonical: String) throws {
    #expect(try Self.real.value(of: text).canonical == canonical)
  }

  @Test(arguments: [
    "", "nan", "inf", "-inf", "infinity", "0x1p3", "1e", "e3", "1.", ".", "1..2", "10%", "1e999",
    "1001", "1,5", "1 2", "none",
  ]) func wrongReals(_ text: String) {
    #expect(throws: ParameterDeclaration.Rejection.self) { try Self.real.value(of: text) }
  }

  @Test(arguments: [
    ("10%", 0.1), ("0.1", 0.1), ("0.10", 0.1), ("10 %", 0.1), ("0.7%", 0.007), ("100%", 1),
    ("0%", 0), ("12.5%", 0.125), ("1e-1", 0.1),
  ]) func shares(_ text: String, _ value: Double) throws {
    #expect(try Self.share.value(of: text) == .real(value))
  }

  /// `n%` is the same number as `0.0n`, for every number of up to four digits.
  @Test func percentIsExact() throws {
    for number in 0...10_000 {
      let digits = String(repeating: "0", count: max(0, 5 - "\(number)".count)) + "\(number)"
      let percent = "\(digits.prefix(3)).\(digits.suffix(2))%"
      let plain = "\(digits.prefix(1)).\(digits.dropFirst())"
      #expect(try Self.share.value(of: percent) == Self.share.value(of: plain))
    }
  }

  @Test(arguments: [
    ("cat", ["cat"]), (" cat ,polar bear,  3", ["cat", "polar bear", "3"]), ("a=b, none", ["a=b", "none"]),
  ]) func names(_ text: String, _ names: [String]) throws {
    #expect(try Self.names.value(of: text) == .names(names))
    #expect(try Self.names.value(of: Self.names.value(of: text).canonical) == .names(names))
  }

  @Test func noNames() throws {
    #expect(try Self.names.value(of: "none") == .absent)
    for text in ["", "cat,", ",cat", "cat,,dog", " "] {
      #expect(throws: ParameterDeclaration.Rejection.self) { try Self.names.value(of: text) }
    }
  }

  @Test(arguments: ["101%", "1.1", "-1%", "1e1%", "%", "10%%", "1e999"])
  func wrongShares(_ text: String) {
    #expect(throws: ParameterDeclaration.Rejection.self) { try Self.share.value(of: text) }
  }

  @Test func flags() throws {
    #expect(try Self.flag.value(of: "yes") == .flag(true))
    #expect(try Self.flag.value(of: "no") == .flag(false))
    for text in ["true", "Yes", "1", "", "none"] {
      #expect(throws: ParameterDeclaration.Rejection.self) { try Self.flag.value(of: text) }
    }
  }

  @Test func lists() throws {
    #expect(try Self.integers.value(of: "none") == .integers([]))
    #expect(try Self.integers.value(of: "3  1\t50_000") == .integers([3, 1, 50_000]))
    #expect(ParameterValue.integers([]).canonical == "none")
    for text in ["1,2", "1 -1", "1 x", "50_001"] {
      #expect(throws: ParameterDeclaration.Rejection.self) { try Self.integers.value(of: text) }
    }
  }

  @Test func optional() throws {
    #expect(try Self.optional.value(of: "none") == .absent)
    #expect(try Self.optional.value(of: "3") == .integer(3))
    #expect(throws: ParameterDeclaration.Rejection.self) { try Self.optional.value(of: "10") }
  }

  @Test func rangesInWords() {
    #expect(Self.integer.valuesText == "a whole number from -100_000 to 100_000")
    let positive = Parameter<Double>.real(
      "x", in: .leastNonzeroMagnitude...(.greatestFiniteMagnitude), "")
    #expect(positive.declaration.valuesText == "a number above 0")
    let count = Parameter<Int>.integer("n", in: 1...(.max), "")
    #expect(count.declaration.valuesText == "a whole number of at least 1")
  }
}
