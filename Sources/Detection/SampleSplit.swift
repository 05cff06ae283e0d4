/// The division of a training set by suspicion: clean, poisoned, and uncertain in between.
package struct SampleSplit: Hashable, Sendable {
  /// What a sample is taken for. The raw values are the published flags.
  package enum Flag: UInt8, Sendable {
    case clean = 0
    case uncertain = 1
    case poisoned = 2
  }

  package let flags: [Flag]
  /// The largest score among the clean and the smallest among the poisoned.
  package let cleanThreshold: Double
  package let poisonedThreshold: Double

  /// The given classes that have fewer samples in the clean set than `balanced` asked for.
  package let shortfalls: [Shortfall]

  /// A class that has fewer clean samples than asked for.
  package struct Shortfall: Hashable, Sendable {
    package let label: Int
    /// How many were asked for.
    package let quota: Int
    /// How many there are.
    package let count: Int

    package init(label: Int, quota: Int, count: Int) {
      self.label = label
      self.quota = quota
      self.count = count
    }
  }

  package init(
    flags: [Flag], cleanThreshold: Double, poisonedThreshold: Double, shortfalls: [Shortfall] = []
  ) {
    self.flags = flags
    self.shortfalls = shortfalls
    self.cleanThreshold = cleanThreshold
    self.poisonedThreshold = poisonedThreshold
  }

  package func indices(of flag: Flag) -> [Int] { flags.indices.filter { flags[$0] == flag } }

  /// How many samples of each given label have a flag, `[classCount]`.
  package func classSizes(of flag: Flag, labels: [Int], classCount: Int) -> [Int] {
    var sizes = [Int](repeating: 0, count: classCount)
    for index in indices(of: flag) { sizes[labels[index]] += 1 }
    return sizes
  }
}
