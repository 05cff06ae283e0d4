import Detection
import Reports

/// What is said of classes of which fewer samples are named clean than of others.
package struct ShortfallText {
  /// Of more classes than this it is said together.
  private static let mostClasses = 10

  private let shortfalls: [SampleSplit.Shortfall]
  private let classNames: [String]
  private let eligible: Double

  /// - Parameter eligible: the share of the set, its least suspicious samples, that 'balanced' takes from.
  package init(_ shortfalls: [SampleSplit.Shortfall], classNames: [String], eligible: Double) {
    self.shortfalls = shortfalls
    self.classNames = classNames
    self.eligible = eligible
  }

  package var warnings: [String] {
    let among =
      "no more among the least suspicious \(NumberFormat.percent(eligible)) of the set, and 'balanced' takes no others"
    guard shortfalls.count > Self.mostClasses,
      let fewest = shortfalls.min(by: { ($0.count, $0.label) < ($1.count, $1.label) })
    else {
      return shortfalls.map {
        "\(classNames[$0.label]): named clean are \($0.count) samples, not \($0.quota) as of other classes; it has "
          + among
      }
    }
    return [
      "\(shortfalls.count) classes have fewer samples named clean than others, the fewest "
        + "\(classNames[fewest.label]): \(fewest.count), not \(fewest.quota); they have \(among)"
    ]
  }
}
