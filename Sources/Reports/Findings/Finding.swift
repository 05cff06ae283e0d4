/// What is said of a training set as a whole.
package struct Finding: Hashable, Sendable {
  package enum State: String, CaseIterable, Hashable, Sendable {
    case poisoned
    case nothingStandsOut = "nothing-stands-out"
    case inconclusive
  }

  package let state: State
  /// The verdict in one sentence.
  package let sentence: String
  /// What it rests on.
  package let details: [String]
  /// How many samples are named poisoned, of how many.
  package let named: Int
  package let total: Int
  /// What would have been found: triggers of our own in a copy of the set.
  package let controls: [Control]

  /// A trigger of our own.
  package struct Control: Hashable, Sendable {
    package let name: String
    /// Of all samples.
    package let share: Double
    /// Samples with it, and how many of them are named.
    package let planted: Int
    package let named: Int
    /// Samples with such a pattern and their own labels, and how many of them are named.
    package let placebos: Int
    package let placebosNamed: Int
    package let isFound: Bool

    package init(
      name: String, share: Double, planted: Int, named: Int, placebos: Int, placebosNamed: Int, isFound: Bool
    ) {
      self.name = name
      self.share = share
      self.planted = planted
      self.named = named
      self.placebos = placebos
      self.placebosNamed = placebosNamed
      self.isFound = isFound
    }
  }

  package init(
    state: State, sentence: String, details: [String], named: Int, total: Int, controls: [Control] = []
  ) {
    self.controls = controls
    self.state = state
    self.sentence = sentence
    self.details = details
    self.named = named
    self.total = total
  }

  /// Of a division by rank, which names a fixed share of any set.
  package static func fixedShare(named: Int, total: Int, sizes: [(name: String, named: Int)]) -> Finding {
    let share = NumberFormat.percent(total == 0 ? .nan : Double(named) / Double(total))
    let classes = sizes.filter { $0.named > 0 }.sorted { ($1.named, $0.name) < ($0.named, $1.name) }
    var details: [String] = []
    if let first = classes.first {
      details.append(
        "\(first.named) of the \(named) are labelled '\(first.name)'; the suspects of a backdoor with one target "
          + "class share one label")
    }
    return Finding(
      state: .inconclusive,
      sentence: "No verdict: \(named) of \(total) samples (\(share)) are named suspect, a fixed share that is named "
        + "whatever the set is. Look at them",
      details: details, named: named, total: total)
  }
}
