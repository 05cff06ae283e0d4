/// What there is to say of a metric. Whatever writes or shows one takes it from its declaration, all of
/// which are in `MetricDeclaration.all`.
package struct MetricDeclaration: Hashable, Sendable {
  /// Which values are the good ones.
  package enum Better: String, Hashable, Sendable {
    case higher, lower, neither
  }

  /// The name in files: "test_accuracy".
  package let name: String
  /// The name in a sentence: "ACC", "recall of the poisoned set".
  package let title: String
  /// The name above a column; shorter than the title where that is long.
  package let heading: String
  /// What it is, in full.
  package let definition: String
  package let unit: MetricUnit
  package let better: Better

  init(
    _ name: String, title: String, heading: String? = nil, unit: MetricUnit, better: Better,
    _ definition: String
  ) {
    self.name = name
    self.title = title
    self.heading = heading ?? title
    self.definition = definition
    self.unit = unit
    self.better = better
  }

  /// The declaration of a name that was read from a file, `nil` for one that no metric has.
  package static func named(_ name: String) -> MetricDeclaration? { byName[name] }

  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

  /// As the heading of a column of cells without signs: "ACC (%)".
  var headingWithSign: String { unit.sign.isEmpty ? heading : "\(heading) (\(unit.sign))" }
}
