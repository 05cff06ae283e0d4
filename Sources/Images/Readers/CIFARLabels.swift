/// The two labels that each image of CIFAR-100 has.
package enum CIFARLabels: String, CaseIterable, Hashable, Sendable {
  /// Of a hundred classes.
  case fine
  /// Of twenty groups of five classes.
  case coarse

  package var classCount: Int { self == .fine ? 100 : 20 }

  /// The byte of a record.
  var place: Int { self == .fine ? 1 : 0 }
}
