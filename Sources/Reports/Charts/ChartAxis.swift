import Foundation

/// A direction in which numbers are drawn.
package struct ChartAxis: Hashable, Sendable {
  package enum Scale: Hashable, Sendable {
    case linear
    /// Of positive numbers.
    case logarithmic
  }

  /// With its unit: "ACC (%)".
  package let title: String
  package let range: ClosedRange<Double>
  package let scale: Scale
  /// Whether nothing lies between whole numbers: rounds, epochs.
  let isWhole: Bool

  /// - Parameter values: what the axis has to reach; values that are not finite do not count, and on a
  ///   logarithmic axis nor do those that are not positive.
  package init(_ title: String, reaching values: [Double], scale: Scale = .linear, isWhole: Bool = false) {
    self.title = title
    self.isWhole = isWhole
    self.scale = scale
    let known = values.filter { $0.isFinite && (scale == .linear || $0 > 0) }
    let (low, high) = (known.min() ?? (scale == .linear ? 0 : 1), known.max() ?? 1)
    switch scale {
    case .linear where low < high: range = low...high
    case .linear: range = low - 0.5...high + 0.5
    case .logarithmic where low < high: range = low...high
    case .logarithmic: range = low...low * 10
    }
  }

  /// Where a value lies, from 0 at the start of the axis to 1 at its end; values beyond are at the ends.
  func share(of value: Double) -> Double {
    let (low, high, place) =
      switch scale {
      case .linear: (range.lowerBound, range.upperBound, value)
      case .logarithmic:
        (log10(range.lowerBound), log10(range.upperBound), value > 0 ? log10(value) : -Double.infinity)
      }
    return min(1, max(0, (place - low) / (high - low)))
  }

  func ticks(atMost count: Int) -> ChartTicks {
    switch scale {
    case .linear: .linear(range, atMost: count, isWhole: isWhole)
    case .logarithmic: .logarithmic(range)
    }
  }
}
