/// What was found of one given class: the group of its samples that are still fitted after confusion training, or
/// that something foretells to contradict their label.
package struct ClassEvidence: Hashable, Sendable {
  /// What the group is taken for.
  package enum State: String, CaseIterable, Hashable, Sendable {
    /// Too small to say anything.
    case few
    /// The check network agrees with the labels: images that are easy to tell.
    case easy
    /// It takes the images for classes that it takes the rest of the class for as well: images that are hard to tell.
    case confusable
    /// It agrees with some.
    case doubtful
    /// It agrees with some, and denies surely more of them than of the rest of the class: easy images, and poison.
    case mixed
    /// It takes the images for other classes.
    case poisoned
    /// Poison is in it, and what is named is what the surest of it is recognised by (see `RecognitionRule`).
    case recognized
    /// The network takes the images for other classes, and something in them foretells that (see
    /// `ContradictionRule`).
    case foretold
    /// Part of the class has a pattern in common that makes other images this class (see `PatternRule`).
    case triggered

    /// Whether poison is in the group.
    package var isPoison: Bool {
      switch self {
      case .mixed, .poisoned, .recognized, .foretold, .triggered: true
      case .few, .easy, .confusable, .doubtful: false
      }
    }
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
  /// The share of images of other classes that are taken for this one with the trigger on them; 0 where none was found.
  package let transplanted: Double
  /// The share of an image that a mark covers which the denied part of the group has in common, and with which on them the
  /// others were shown to the network; 0 where there is none that makes a difference (see `SharedMark`).
  package let mark: Double

  /// How many of a group are poison at the least (some 95%): so many can be clean as the agreement of the check
  /// network allows, if it agrees with clean ones as often as with the rest of the class, and with no poison.
  ///
  /// - Parameters:
  ///   - count, agreement: of the group, and the share of it with which the network agrees.
  ///   - floor: how often it agrees at the least with a class that has too few other samples to tell.
  func fewestPoisoned(of count: Int, agreeing agreement: Double, floor: Double) -> Int {
    let most = Wilson.bounds(agreement, of: count).upperBound
    let usual = max(floor, Wilson.bounds(usualAgreement, of: size - groupSize).lowerBound)
    return usual > most ? Int(Double(count) * (1 - most / usual)) : 0
  }

  /// The same with another number of named samples, and perhaps another state.
  func naming(_ count: Int, _ state: State? = nil) -> ClassEvidence {
    ClassEvidence(
      label: label, size: size, groupSize: groupSize, certainSize: certainSize, agreement: agreement,
      usualAgreement: usualAgreement, state: state ?? self.state, named: count, transplanted: transplanted,
      mark: mark)
  }

  package init(
    label: Int, size: Int, groupSize: Int, certainSize: Int, agreement: Double, usualAgreement: Double,
    state: State, named: Int, transplanted: Double = 0, mark: Double = 0
  ) {
    self.label = label
    self.size = size
    self.groupSize = groupSize
    self.certainSize = certainSize
    self.agreement = agreement
    self.usualAgreement = usualAgreement
    self.state = state
    self.named = named
    self.transplanted = transplanted
    self.mark = mark
  }
}
