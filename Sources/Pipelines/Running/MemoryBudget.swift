/// The memory that the stages at work are expected to take, against what there is.
struct MemoryBudget {
  /// In bytes.
  let limit: Double
  private var used = 0.0
  private var count = 0

  init(limit: Double) { self.limit = limit }

  /// Whether a stage may start beside those at work; it is one of them then. One that is alone always may, and
  /// one whose need nobody knows counts as nothing.
  mutating func take(_ memory: Double?) -> Bool {
    let memory = memory ?? 0
    guard count == 0 || used + memory <= limit else { return false }
    used += memory
    count += 1
    return true
  }

  mutating func giveBack(_ memory: Double?) {
    used -= memory ?? 0
    count -= 1
  }
}
