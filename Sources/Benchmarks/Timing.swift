import Foundation

/// Times of repeated work.
enum Timing {
  /// Seconds that this process has computed on all of its threads. Unlike the time on the wall, it
  /// leaves out what other processes took.
  static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  static var wallSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// How long a call takes on the wall, and on the processor over all threads.
  static func measure(_ body: () -> Void) -> (wall: Double, processor: Double) {
    let (wall, processor) = (wallSeconds, processorSeconds)
    body()
    return (wallSeconds - wall, processorSeconds - processor)
  }

  /// The shortest wall time of a call, after one to warm up, trying for about `seconds`.
  static func shortest(for seconds: Double = 0.3, _ body: () -> Void) -> Double {
    body()
    var best = Double.infinity
    let start = wallSeconds
    var calls = 0
    while wallSeconds - start < seconds || calls < 3 {
      let before = wallSeconds
      body()
      best = min(best, wallSeconds - before)
      calls += 1
    }
    return best
  }
}

extension Array where Element == Double {
  /// A quantile, 0 the smallest and 1 the largest, by the nearest rank.
  func quantile(_ q: Double) -> Double {
    let sorted = self.sorted()
    guard let last = sorted.indices.last else { return .nan }
    return sorted[Int((Double(last) * q).rounded())]
  }

  var median: Double { quantile(0.5) }

  /// How many a second these times of `count` are, with their spread.
  func rates(of count: Int, _ unit: String) -> String {
    String(
      format: "%8.1f %@/s (%.1f to %.1f)", Double(count) / median, unit,
      Double(count) / quantile(1), Double(count) / quantile(0))
  }
}
