extension ParameterDeclaration {
  /// The values that it takes, in words: "a whole number of epochs from 1 to 10_000".
  package var valuesText: String {
    let unit = unit.map { " of \($0)" } ?? ""
    let values =
      switch domain {
      case .integer(let range): "a whole number\(unit)" + Self.text(of: range)
      case .real(let range, share: false): "a number\(unit)" + Self.text(of: range)
      case .real(let range, share: true): "a share" + Self.text(of: range) + ", such as 0.1 or 10%"
      case .flag: "'yes' or 'no'"
      case .choice(let choices): "one of " + choices.map { "'\($0.name)'" }.joined(separator: ", ")
      case .integers(let range):
        "whole numbers\(unit)\(Self.text(of: range)) separated by spaces, or 'none'"
      case .size(let largest):
        "height and width in pixels, each from 1 to \(Self.text(of: largest)), such as 64x64"
      case .names: "names separated by commas"
      case .path: "a file or folder"
      }
    return absentMeaning != nil ? values + ", or 'none'" : values
  }

  /// The range, with words in front: " from 1 to 10", " of at least 1", or nothing.
  private static func text(of range: ClosedRange<Int>) -> String {
    switch (range.lowerBound == .min, range.upperBound == .max) {
    case (true, true): ""
    case (true, false): " of at most \(text(of: range.upperBound))"
    case (false, true): " of at least \(text(of: range.lowerBound))"
    case (false, false): " from \(text(of: range.lowerBound)) to \(text(of: range.upperBound))"
    }
  }

  private static func text(of range: ClosedRange<Double>) -> String {
    let least = range.lowerBound
    let most = range.upperBound
    let greatest = Double.greatestFiniteMagnitude
    return switch (least <= -greatest, most >= greatest) {
    case (true, true): ""
    case (true, false): " of at most \(text(of: most))"
    // A range cannot leave out its end, but the least positive number stands for just that.
    case (false, true) where least == .leastNonzeroMagnitude: " above 0"
    case (false, true): " of at least \(text(of: least))"
    case (false, false) where least == .leastNonzeroMagnitude: " above 0 and up to \(text(of: most))"
    case (false, false): " from \(text(of: least)) to \(text(of: most))"
    }
  }

  /// A value as a manifest would have it: digits in groups of three from 10_000 on.
  package static func text(of value: ParameterValue) -> String {
    switch value {
    case .integer(let value): text(of: value)
    case .real(let value): text(of: value)
    case .integers(let values) where !values.isEmpty:
      values.map { text(of: $0) }.joined(separator: " ")
    default: value.canonical
    }
  }

  private static func text(of value: Double) -> String { ParameterValue.real(value).canonical }

  private static func text(of value: Int) -> String {
    guard value.magnitude >= 10_000 else { return "\(value)" }
    let digits = Array("\(value.magnitude)")
    var text = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text += "_" }
      text.append(digit)
    }
    return text
  }
}
