import HeapModule

/// How a run would go if every stage took its estimated time: the scheduler's rules without the work.
struct ForeseenSchedule {
  private struct End: Comparable {
    let time: Double
    let place: Int
    let threads: Int

    static func < (a: End, b: End) -> Bool { (a.time, a.place) < (b.time, b.place) }
  }

  private let stages: [RunEstimate.Stage]
  private let jobs: Int
  private let threads: Int
  /// Whether the stages share one machine.
  private let shares: Bool
  private var ready: ReadyStages
  private var waiting: [Int] = []
  private var atWork = Heap<End>()
  private var memory: MemoryBudget
  private var freeThreads: Int
  /// When the last stage ends.
  private(set) var seconds = 0.0

  init(_ stages: [RunEstimate.Stage], jobs: Int, threads: Int, memoryLimit: Double, shares: Bool) {
    self.stages = stages
    self.jobs = max(1, jobs)
    self.threads = max(1, threads)
    self.shares = shares
    ready = ReadyStages(stages.map(\.sources))
    memory = MemoryBudget(limit: memoryLimit)
    freeThreads = self.threads
    start()
    while let end = atWork.popMin() {
      seconds = end.time
      if shares { freeThreads += end.threads }
      memory.giveBack(stages[end.place].forecast.memory)
      ready.end(end.place)
      start()
    }
  }

  private mutating func start() {
    let limit = min(jobs - atWork.count, shares ? freeThreads : .max)
    var chosen: [Int] = []
    var rest: [Int] = []
    for place in waiting {
      if chosen.count < limit, memory.take(stages[place].forecast.memory) {
        chosen.append(place)
      } else {
        rest.append(place)
      }
    }
    while chosen.count < limit, let place = ready.next() {
      if memory.take(stages[place].forecast.memory) { chosen.append(place) } else { rest.append(place) }
    }
    waiting = rest
    for (number, place) in chosen.enumerated() {
      let share = shares ? freeThreads / (chosen.count - number) : threads
      if shares { freeThreads -= share }
      let duration = stages[place].forecast.seconds(threads: share) ?? 0
      atWork.insert(End(time: seconds + duration, place: place, threads: share))
    }
  }
}
