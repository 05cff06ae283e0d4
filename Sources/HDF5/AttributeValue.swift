/// What an attribute holds: a value, or a list of values.
///
/// Texts are stored as UTF-8, integers as 64 bits, floating-point numbers in double precision.
package enum AttributeValue: Hashable, Sendable {
  case string(String)
  case strings([String])
  case integer(Int)
  case integers([Int])
  case double(Double)
  case doubles([Double])
}

extension AttributeValue: ExpressibleByStringInterpolation {
  package init(stringLiteral value: String) { self = .string(value) }
}

extension AttributeValue: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: Int) { self = .integer(value) }
}

extension AttributeValue: ExpressibleByFloatLiteral {
  package init(floatLiteral value: Double) { self = .double(value) }
}

extension AttributeValue {
  /// What the value is, in words.
  var kind: String {
    switch self {
    case .string: String.attributeKind
    case .strings: [String].attributeKind
    case .integer: Int.attributeKind
    case .integers: [Int].attributeKind
    case .double: Double.attributeKind
    case .doubles: [Double].attributeKind
    }
  }
}

/// A type that attributes can be asked for as.
package protocol AttributeConvertible {
  /// What the type is, in words.
  static var attributeKind: String { get }

  /// Nil where the attribute holds something else. Integers do for floating-point numbers.
  init?(_ attribute: AttributeValue)
}

extension String: AttributeConvertible {
  package static var attributeKind: String { "a text" }

  package init?(_ attribute: AttributeValue) {
    guard case .string(let value) = attribute else { return nil }
    self = value
  }
}

extension Int: AttributeConvertible {
  package static var attributeKind: String { "an integer" }

  package init?(_ attribute: AttributeValue) {
    guard case .integer(let value) = attribute else { return nil }
    self = value
  }
}

extension Double: AttributeConvertible {
  package static var attributeKind: String { "a number" }

  package init?(_ attribute: AttributeValue) {
    switch attribute {
    case .double(let value): self = value
    case .integer(let value): self.init(value)
    default: return nil
    }
  }
}

extension Array: AttributeConvertible where Element: AttributeElement {
  package static var attributeKind: String { Element.attributeListKind }

  package init?(_ attribute: AttributeValue) {
    guard let elements = Element.list(attribute) else { return nil }
    self = elements
  }
}

/// A type that attributes hold lists of.
package protocol AttributeElement {
  static var attributeListKind: String { get }
  static func list(_ attribute: AttributeValue) -> [Self]?
}

extension String: AttributeElement {
  package static var attributeListKind: String { "a list of texts" }

  package static func list(_ attribute: AttributeValue) -> [String]? {
    guard case .strings(let values) = attribute else { return nil }
    return values
  }
}

extension Int: AttributeElement {
  package static var attributeListKind: String { "a list of integers" }

  package static func list(_ attribute: AttributeValue) -> [Int]? {
    guard case .integers(let values) = attribute else { return nil }
    return values
  }
}

extension Double: AttributeElement {
  package static var attributeListKind: String { "a list of numbers" }

  package static func list(_ attribute: AttributeValue) -> [Double]? {
    switch attribute {
    case .doubles(let values): values
    case .integers(let values): values.map(Double.init)
    default: nil
    }
  }
}
