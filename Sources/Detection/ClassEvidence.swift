/// What was found of one given class: the group of its samples that are still fitted after confusion training.
package struct ClassEvidence: Hashable, Sendable {
  /// What the group is taken for.
  package enum State: String, CaseIterable, Hashable, Sendable {
    /// Too small to say anything.
    case few
    /// The check network agrees with the labels: images that are easy to tell.
    case easy
    /// It agrees with some.
    case doubtful
    /// It takes the images for other classes.
    case poisoned
  }

  package let label: Int
  /// Samples of the class in all.
  package let size: Int
  /// Those in the group, and those with a probability above the second threshold.
  package let groupSize: Int
  package let certainSize: Int
  /// The share of the group for which the check network predicts the given label; 0 of an empty group.
  package let agreement: Double
  /// The same over the samples of the class that are not in the group: what to expect of a clean class.
  package let usualAgreement: Double
  package let state: State
  /// Samples of the class that are named poisoned.
  package let named: Int

  package init(
    label: Int, size: Int, groupSize: Int, certainSize: Int, agreement: Double, usualAgreement: Double,
    state: State, named: Int
  ) {
    self.label = label
    self.size = size
    self.groupSize = groupSize
    self.certainSize = certainSize
    self.agreement = agreement
    self.usualAgreement = usualAgreement
    self.state = state
    self.named = named
  }
}
