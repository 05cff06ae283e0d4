import HeapModule

/// The stages of a run that something can be decided about: those whose sources have all ended, whether
/// well or not. Stages are named by their places in the plan, and given out by the least.
///
/// Each is looked at when the last of its sources ends, and at no other time: the work over a whole run
/// grows with the number of stages and of the inputs that they read.
package struct ReadyStages {
  /// For each stage those that read from it.
  private var readers: [[Int]]
  /// For each stage how many of its sources have not ended.
  private var openSources: [Int]
  private var queue: Heap<Int>
  private var held: [Digest: [Int]] = [:]

  /// - Parameter sources: For each stage the stages that it reads from, each once.
  package init(_ sources: [[Int]]) {
    readers = Array(repeating: [], count: sources.count)
    for (stage, sources) in sources.enumerated() {
      for source in sources { readers[source].append(stage) }
    }
    openSources = sources.map(\.count)
    queue = Heap(sources.indices.filter { sources[$0].isEmpty })
  }

  /// Takes out the first stage that is ready.
  package mutating func next() -> Int? { queue.popMin() }

  /// Call it when a stage has ended: stages that waited for it alone become ready.
  package mutating func end(_ stage: Int) {
    for reader in readers[stage] {
      openSources[reader] -= 1
      if openSources[reader] == 0 { queue.insert(reader) }
    }
  }

  /// Puts a stage back until the one that is making the same artifact ends.
  package mutating func hold(_ stage: Int, until fingerprint: Digest) {
    held[fingerprint, default: []].append(stage)
  }

  /// Call it when the stage that was making an artifact has ended, with or without success.
  package mutating func release(_ fingerprint: Digest) {
    queue.insert(contentsOf: held.removeValue(forKey: fingerprint) ?? [])
  }
}
