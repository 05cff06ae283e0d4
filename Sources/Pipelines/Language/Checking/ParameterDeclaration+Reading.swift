import Foundation

extension ParameterDeclaration {
  /// Why a text is not a value of a parameter.
  package struct Rejection: Error {
    package let kind: Diagnostic.Kind
    package let hint: Diagnostic.Hint?
  }

  /// Reads a value as it is written in a manifest.
  ///
  /// Integers may have `_` between digits, shares may be in percent. `none` leaves an optional
  /// parameter out, unless it is one of its words.
  package func value(of text: String) throws(Rejection) -> ParameterValue {
    if absentMeaning != nil, text == "none", !words.contains(text) { return .absent }
    switch domain {
    case .integer(let range): return .integer(try integer(text, in: range, of: text))
    case .real(let range, let isShare): return .real(try real(text, in: range, isShare: isShare))
    case .flag: return .flag(try flag(text))
    case .choice:
      guard words.contains(text) else {
        throw Rejection(
          kind: .unknownWord(parameter: name, text: text),
          hint: .nearest(to: text, among: words))
      }
      return .word(text)
    case .integers(let range):
      if text == "none" { return .integers([]) }
      var values: [Int] = []
      for word in text.split(whereSeparator: \.isWhitespace) {
        values.append(try integer(String(word), in: range, of: text))
      }
      return .integers(values)
    case .size(let largest):
      let sides = text.split(separator: "x", omittingEmptySubsequences: false)
      guard sides.count == 2 else { throw wrongType(text) }
      let range = 1...largest
      return .size(
        height: try integer(String(sides[0]), in: range, of: text),
        width: try integer(String(sides[1]), in: range, of: text))
    case .names:
      let names = ParameterValue.names(in: text)
      guard names.allSatisfy({ !$0.isEmpty }) else { throw wrongType(text) }
      return .names(names)
    case .path: return .path(text)
    }
  }

  /// The words that a `choice` takes.
  private var words: [String] {
    if case .choice(let choices) = domain { choices.map(\.name) } else { [] }
  }

  private func integer(
    _ word: String, in range: ClosedRange<Int>, of text: String
  ) throws(Rejection) -> Int {
    guard let number = Numeral(word), number.isWhole, !number.isPercent else {
      throw wrongType(text, hint: text.contains(",") ? .separateBySpaces : nil)
    }
    guard let value = Int(number.digits), range.contains(value) else { throw outOfRange(word) }
    return value
  }

  private func real(
    _ text: String, in range: ClosedRange<Double>, isShare: Bool
  ) throws(Rejection) -> Double {
    guard let number = Numeral(text) else { throw wrongType(text) }
    guard let value = number.value else { throw outOfRange(text) }
    guard isShare || !number.isPercent else {
      throw wrongType(text, hint: .percentIsForShares(plain: ParameterValue.real(value).canonical))
    }
    guard range.contains(value) else { throw outOfRange(text) }
    return value == 0 ? 0 : value  // There is one zero.
  }

  private func flag(_ text: String) throws(Rejection) -> Bool {
    switch text {
    case "yes": return true
    case "no": return false
    default:
      let meant =
        switch text.lowercased() {
        case "true", "on", "1", "yes", "y": "yes"
        case "false", "off", "0", "no", "n": "no"
        default: String?.none
        }
      throw wrongType(text, hint: meant.map { .didYouMean($0) })
    }
  }

  private func wrongType(_ text: String, hint: Diagnostic.Hint? = nil) -> Rejection {
    Rejection(kind: .wrongType(parameter: name, text: text, takes: valuesText), hint: hint)
  }

  private func outOfRange(_ text: String) -> Rejection {
    Rejection(kind: .outOfRange(parameter: name, text: text, takes: valuesText), hint: nil)
  }
}

/// A decimal number as it is written in a manifest: `-3`, `50_000`, `0.1`, `.5`, `1e-3`, `10%`.
private struct Numeral {
  /// Sign, digits, point and exponent, without `_` and `%`.
  let digits: String
  let isPercent: Bool
  /// Whether there is neither point nor exponent.
  let isWhole: Bool

  init?(_ text: String) {
    var rest = Substring(text)
    let isPercent = rest.last == "%"
    if isPercent {
      rest.removeLast()
      while rest.last == " " { rest.removeLast() }
    }
    let number = rest
    if rest.first == "-" || rest.first == "+" { rest.removeFirst() }
    let whole = Self.takeDigits(&rest)
    var fraction = true
    let hasPoint = rest.first == "."
    if hasPoint {
      rest.removeFirst()
      fraction = Self.takeDigits(&rest)
    }
    let hasExponent = rest.first == "e" || rest.first == "E"
    if hasExponent {
      rest.removeFirst()
      if rest.first == "-" || rest.first == "+" { rest.removeFirst() }
      guard Self.takeDigits(&rest) else { return nil }
    }
    guard rest.isEmpty, hasPoint ? fraction : whole, !(isPercent && hasExponent) else { return nil }
    self.digits = String(number.filter { $0 != "_" })
    self.isPercent = isPercent
    self.isWhole = !hasPoint && !hasExponent
  }

  /// The nearest number; `nil` beyond what a `Double` can hold.
  var value: Double? {
    // With the exponent, `0.7%` is the same number as `0.007`; a division would round twice.
    let value = Double(isPercent ? digits + "e-2" : digits)
    return if let value, value.isFinite { value } else { nil }
  }

  /// Steps over digits with single `_` between them; false if there are none.
  private static func takeDigits(_ text: inout Substring) -> Bool {
    let digits = text.prefix { $0.isASCII && $0.isNumber || $0 == "_" }
    text.removeFirst(digits.count)
    return !digits.isEmpty && digits.first != "_" && digits.last != "_" && !digits.contains("__")
  }
}

extension ParameterValue {
  /// What stands between the commas of a text; nothing, between two that follow each other.
  package static func names(in text: String) -> [String] {
    text.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
  }
}
