import HeapModule

/// An order in which every stage comes after those that it reads from, and the cycles that prevent one.
package struct StageOrder {
  /// All stages that are in no cycle, nor after one, by the least number first.
  package private(set) var stages: [Int] = []
  /// Cycles of stages, each reading from the one before and the first from the last. Every stage is
  /// in one at most, and starts with its least number.
  package private(set) var cycles: [[Int]] = []

  /// - Parameter sources: for each stage the stages that it reads from.
  package init(_ sources: [[Int]]) {
    var isDone = [Bool](repeating: false, count: sources.count)
    var readers = [[Int]](repeating: [], count: sources.count)
    for (stage, sources) in sources.enumerated() {
      for source in sources { readers[source].append(stage) }
    }
    // How many entries of `sources` are not done, for each stage.
    var open = sources.map(\.count)
    var ready = Heap(sources.indices.filter { open[$0] == 0 })
    var firstWaiting = 0

    func finish(_ stage: Int) {
      isDone[stage] = true
      for reader in readers[stage] {
        open[reader] -= 1
        if open[reader] == 0, !isDone[reader] { ready.insert(reader) }
      }
    }

    while true {
      if let stage = ready.popMin() {
        if isDone[stage] { continue }
        if cycles.isEmpty { stages.append(stage) }
        finish(stage)
        continue
      }
      while firstWaiting < sources.count, isDone[firstWaiting] { firstWaiting += 1 }
      if firstWaiting == sources.count { return }
      let cycle = Self.cycle(from: firstWaiting, sources, isDone)
      // All of them before their readers, which may be among them.
      for stage in cycle { isDone[stage] = true }
      for stage in cycle { finish(stage) }
      cycles.append(cycle)
    }
  }

  /// Walks against the arrows from a stage that waits, over others that wait, until one comes again.
  private static func cycle(from start: Int, _ sources: [[Int]], _ isDone: [Bool]) -> [Int] {
    var walk = [start]
    var places = [start: 0]
    while let next = sources[walk[walk.count - 1]].first(where: { !isDone[$0] }) {
      if let first = places[next] {
        let cycle = Array(walk[first...].reversed())
        let least = cycle.indices.min { cycle[$0] < cycle[$1] } ?? 0
        return Array(cycle[least...] + cycle[..<least])
      }
      places[next] = walk.count
      walk.append(next)
    }
    return walk
  }
}
