/// An order in which every stage comes after those that it reads from, and the circles that prevent one.
package struct StageOrder {
  /// All stages that are in no circle, nor after one, by the least number first.
  package private(set) var stages: [Int] = []
  /// Circles of stages, each reading from the one before and the first from the last. Every stage is
  /// in one at most, and starts with its least number.
  package private(set) var circles: [[Int]] = []

  /// - Parameter sources: for each stage the stages that it reads from.
  package init(_ sources: [[Int]]) {
    var isDone = [Bool](repeating: false, count: sources.count)
    var waiting = Array(sources.indices)
    while !waiting.isEmpty {
      if let place = waiting.firstIndex(where: { sources[$0].allSatisfy { isDone[$0] } }) {
        let stage = waiting.remove(at: place)
        isDone[stage] = true
        if circles.isEmpty { stages.append(stage) }
      } else {
        let circle = Self.circle(from: waiting[0], sources, isDone)
        for stage in circle { isDone[stage] = true }
        waiting.removeAll { isDone[$0] }
        circles.append(circle)
      }
    }
  }

  /// Walks against the arrows from a stage that waits, over others that wait, until one comes again.
  private static func circle(from start: Int, _ sources: [[Int]], _ isDone: [Bool]) -> [Int] {
    var walk = [start]
    while let next = sources[walk[walk.count - 1]].first(where: { !isDone[$0] }) {
      if let first = walk.firstIndex(of: next) {
        let circle = Array(walk[first...].reversed())
        let least = circle.indices.min { circle[$0] < circle[$1] } ?? 0
        return Array(circle[least...] + circle[..<least])
      }
      walk.append(next)
    }
    return walk
  }
}
