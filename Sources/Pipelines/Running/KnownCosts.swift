/// What earlier runs took, by what they did: learned from the records of a store.
struct KnownCosts {
  /// Kind and unit.
  private struct Task: Hashable {
    let kind: String
    let unit: String
  }

  /// Seconds with one thread for an amount of 1.
  private var rates: [Task: [Double]] = [:]
  private var ratesOfUnits: [String: [Double]] = [:]
  /// The last record of what does the same, its inputs aside.
  private var last: [StageRecipe.Key: ArtifactRecord] = [:]
  private var secondsOfKinds: [String: [Double]] = [:]
  private var memoryOfKinds: [String: Int64] = [:]

  init(_ records: [ArtifactRecord]) {
    for record in records {
      if let peak = record.peakMemory {
        memoryOfKinds[record.kind] = max(peak, memoryOfKinds[record.kind] ?? 0)
      }
      // What a part of the work took says nothing of the whole.
      if record.cost?.isPartial == true { continue }
      secondsOfKinds[record.kind, default: []].append(record.wallSeconds)
      let key = StageRecipe.Key(record)
      if let other = last[key], other.startedAt > record.startedAt { continue }
      last[key] = record
    }
    for record in records {
      guard let cost = record.cost, !cost.isPartial, let unit = cost.unit, let amount = cost.amount,
        amount > 0
      else { continue }
      let rate = record.wallSeconds / (cost.usesThreads ? ThreadScaling.time(threads: cost.threads) : 1) / amount
      rates[Task(kind: record.kind, unit: unit), default: []].append(rate)
      ratesOfUnits[unit, default: []].append(rate)
    }
  }

  /// Seconds with one thread for an amount of 1, and from how many runs that is known.
  func rate(kind: String, unit: String) -> (seconds: Double, basis: StageForecast.Basis)? {
    if let found = rates[Task(kind: kind, unit: unit)] { return (median(found), .kind(runs: found.count)) }
    if let found = ratesOfUnits[unit] { return (median(found), .unit(runs: found.count)) }
    return nil
  }

  /// The time of what counts nothing.
  func seconds(_ key: StageRecipe.Key) -> (seconds: Double, basis: StageForecast.Basis)? {
    if let record = last[key] { return (record.wallSeconds, .sameStage) }
    guard let found = secondsOfKinds[key.kind] else { return nil }
    return (median(found), .similar(runs: found.count))
  }

  /// The largest resident set of the same stage before, or else `estimated`, or else the largest of its kind;
  /// in bytes.
  func memory(_ key: StageRecipe.Key, estimated: Double?) -> Double? {
    if let peak = last[key]?.peakMemory { return Double(peak) }
    return estimated ?? memoryOfKinds[key.kind].map(Double.init)
  }

  private func median(_ values: [Double]) -> Double {
    let ordered = values.sorted()
    let middle = ordered.count / 2
    return ordered.count.isMultiple(of: 2) ? (ordered[middle - 1] + ordered[middle]) / 2 : ordered[middle]
  }
}
