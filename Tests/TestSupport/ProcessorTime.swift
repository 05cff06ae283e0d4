import Glibc

/// The processor time that something takes, on all threads of the process. Unlike the time on the clock, it
/// is nearly the same on a busy machine.
package func processorSeconds(_ body: () throws -> Void) rethrows -> Double {
  let start = processorTime()
  try body()
  return processorTime() - start
}

private func processorTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
