/// How the time of work that several threads do at once depends on their number.
///
/// Two threads do not halve it: some passes of a training step are one thread's, and threads wait for each other. With
/// perfect halving, stages that share the threads of a machine (`--jobs`) would be expected to gain nothing over one
/// after the other, and records of runs with few threads would promise too much of many.
enum ThreadScaling {
  /// The share of the work that is not divided (Amdahl's law). Two threads then do 1.82 times the work of one;
  /// measured were 1.66 to 2.00 (README, "Speed"). More threads were not measured.
  private static let undivided = 0.1

  /// The time with so many threads, as a share of that with one.
  static func time(threads: Int) -> Double {
    undivided + (1 - undivided) / Double(max(1, threads))
  }
}
