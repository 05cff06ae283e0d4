/// What the values of a metric are numbers of.
package enum MetricUnit: Hashable, Sendable {
  /// From 0 to 1, shown in percent.
  case share
  case count
  case seconds
  /// A number without a unit.
  case number

  /// As the attribute of a dataset says it.
  package var name: String {
    switch self {
    case .share: "share from 0 to 1"
    case .count: "count"
    case .seconds: "seconds"
    case .number: "number without unit"
    }
  }

  /// Behind a value, and in brackets in the heading of a column whose cells leave it out; empty where
  /// there is none.
  package var sign: String {
    switch self {
    case .share: "%"
    case .seconds: "s"
    case .count, .number: ""
    }
  }

  /// A value without its sign: "97.31", "812", "0.3127"; "–" for NaN.
  package func digits(_ value: Double) -> String {
    switch self {
    case .share: NumberFormat.hundredths(100 * value)
    case .count: value == value.rounded() ? NumberFormat.whole(value) : NumberFormat.hundredths(value)
    case .seconds, .number: NumberFormat.significant(value)
    }
  }

  /// A value with its sign: "97.31%", "812", "1.25 s".
  package func text(_ value: Double) -> String { signed(digits(value)) }

  /// A mean and the deviation around it, each with as many digits as a value of its own: "97.31 ± 0.42%".
  package func text(_ mean: Double, deviation: Double) -> String {
    signed("\(digits(mean)) ± \(digits(deviation))")
  }

  private func signed(_ digits: String) -> String {
    switch self {
    case .share: digits == NumberFormat.missing ? digits : digits + sign
    case .seconds: "\(digits) \(sign)"
    case .count, .number: digits
    }
  }
}
