/// Which images an attack may poison, and which label they get.
package enum LabelMode: String, CaseIterable, Codable, Hashable, Sendable {
  /// Images of all other classes get the target class.
  case allToOne = "all2one"
  /// Images of all classes get the next class.
  case allToAll = "all2all"
  /// Images of the target class keep their label.
  case cleanLabel = "clean-label"

  /// Whether a training image with `label` may be poisoned.
  package func isCandidate(label: Int, target: Int) -> Bool {
    switch self {
    case .allToOne: label != target
    case .allToAll: true
    case .cleanLabel: label == target
    }
  }

  /// Whether a test image with `label` is part of the triggered test set; images that already have
  /// the target class say nothing about the attack.
  package func isTested(label: Int, target: Int) -> Bool {
    self == .allToAll || label != target
  }

  /// The label that the attacker wants for an image with the trigger on it.
  package func attackerLabel(for label: Int, target: Int, classCount: Int) -> Int {
    switch self {
    case .allToOne, .cleanLabel: target
    case .allToAll: (label + 1) % classCount
    }
  }
}
