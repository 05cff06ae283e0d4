import Foundation

/// Where an axis has its marks, and what stands there.
struct ChartTicks: Hashable, Sendable {
  let values: [Double]
  let labels: [String]

  /// Multiples of 1, 2 or 5 times a power of ten within a range.
  ///
  /// - Parameters:
  ///   - count: how many there may be, at least 2.
  ///   - isWhole: whether they are to be whole numbers.
  static func linear(
    _ range: ClosedRange<Double>, atMost count: Int, isWhole: Bool = false
  ) -> ChartTicks {
    let length = range.upperBound - range.lowerBound
    guard length > 0, length.isFinite else {
      return ChartTicks(values: [range.lowerBound], labels: [NumberFormat.significant(range.lowerBound)])
    }
    let rough = max(length / Double(max(2, count) - 1), isWhole ? 1 : 0)
    var exponent = Int(log10(rough).rounded(.down))
    // Rounding may hide that a power of ten is reached.
    let steps = [1.0, 2, 5, 10].map { $0 * power(exponent) }
    let step = steps.first { $0 >= rough * (1 - 1e-9) } ?? rough
    if step >= power(exponent + 1) * (1 - 1e-9) { exponent += 1 }
    let first = Int((range.lowerBound / step - 1e-9).rounded(.up))
    let last = Int((range.upperBound / step + 1e-9).rounded(.down))
    let values = first <= last ? (first...last).map { Double($0) * step } : [range.lowerBound]
    return ChartTicks(values: values, labels: values.map { label($0, exponent: exponent) })
  }

  /// Powers of ten within a range of positive numbers.
  static func logarithmic(_ range: ClosedRange<Double>) -> ChartTicks {
    let first = Int((log10(range.lowerBound) - 1e-9).rounded(.up))
    let last = Int((log10(range.upperBound) + 1e-9).rounded(.down))
    let values = first <= last ? (first...last).map(power) : [range.lowerBound]
    return ChartTicks(values: values, labels: values.map { label($0, exponent: Int(log10($0).rounded())) })
  }

  private static func power(_ exponent: Int) -> Double { pow(10, Double(exponent)) }

  /// With as many decimals as the step has; powers of ten where there would be many zeros.
  private static func label(_ value: Double, exponent: Int) -> String {
    if value == 0 { return "0" }
    if abs(value) >= 1e6 || exponent < -4 { return String(format: "%.3g", value) }
    let text = String(format: "%.\(max(0, -exponent))f", value)
    return text.hasPrefix("-") ? "−" + text.dropFirst() : text
  }
}
