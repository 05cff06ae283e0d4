/// The division of a training set by suspicion: clean, poisoned, and uncertain in between.
public struct SampleSplit: Hashable, Sendable {
  /// What a sample is taken for. The raw values are the published flags.
  public enum Flag: UInt8, Sendable {
    case clean = 0
    case uncertain = 1
    case poisoned = 2
  }

  public let flags: [Flag]
  /// The largest score among the clean and the smallest among the poisoned.
  public let cleanThreshold: Double
  public let poisonedThreshold: Double

  public init(flags: [Flag], cleanThreshold: Double, poisonedThreshold: Double) {
    self.flags = flags
    self.cleanThreshold = cleanThreshold
    self.poisonedThreshold = poisonedThreshold
  }

  public func indices(of flag: Flag) -> [Int] { flags.indices.filter { flags[$0] == flag } }

  /// How many samples of each given label have a flag, `[classCount]`.
  public func classSizes(of flag: Flag, labels: [Int], classCount: Int) -> [Int] {
    var sizes = [Int](repeating: 0, count: classCount)
    for index in indices(of: flag) { sizes[labels[index]] += 1 }
    return sizes
  }
}
