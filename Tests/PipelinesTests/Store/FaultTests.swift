import HDF5
import Pipelines
import Synchronization
import SystemPackage
import TestSupport
import Testing

/// Makes the n-th system call of a run fail, those of the HDF5 library included, for every n.
@Suite(.nothingStaysOpen) struct FaultTests {
  /// Counts calls and fails one of them, or all from that one on.
  final class Fault: Sendable {
    private let count = Mutex(0)
    let position: Int
    let code: Errno
    let isLasting: Bool

    init(at position: Int, _ code: Errno, isLasting: Bool) {
      self.position = position
      self.code = code
      self.isLasting = isLasting
    }

    var wasReached: Bool { count.withLock { $0 >= position } }

    var files: FileSystem {
      var files = FileSystem()
      files.intercept = { [self] _, _ in
        count.withLock { count in
          count += 1
          return count == position || (isLasting && count > position) ? code : nil
        }
      }
      return files
    }
  }

  @Test(arguments: [
    (Errno.noSpace, false), (.noSpace, true), (.ioError, false), (.ioError, true),
  ])
  func everyCallMayFail(code: Errno, isLasting: Bool) throws {
    let pipeline = ResumeTests.walk(steps: 2)
    let options = RunOptions(checkpointInterval: .zero)
    let undisturbed = try Workspace()
    try undisturbed.run(pipeline)

    var position = 0
    var failures = 0
    var differing = 0
    while true {
      position += 1
      let workspace = try Workspace()
      let fault = Fault(at: position, code, isLasting: isLasting)
      do {
        try workspace.runner(pipeline, options, store: workspace.store(files: fault.files)).run()
        if !fault.wasReached { break }
      } catch let error as PipelineError {
        failures += 1
        #expect(!error.message.isEmpty)
        #expect([73, 74].contains(error.exitStatus.rawValue), "call \(position): \(error)")
      }
      // Old or new or nothing: whatever is there is whole.
      #expect(try workspace.store().verify().damage == [], "call \(position)")
      try workspace.runner(pipeline, options).run()
      let isEqual = try workspace.storedFiles() == undisturbed.storedFiles()
      #expect(isEqual, "call \(position)")
      if !isEqual { differing += 1 }
      #expect(try workspace.runner(pipeline).plan().isFresh)
      if workspace.exists("artifacts/checkpoints") {
        #expect(try workspace.names("artifacts/checkpoints") == [], "call \(position)")
      }
    }
    let times = isLasting ? "lasting" : "once"
    print(
      "measured: \(code), \(times): \(position - 1) calls failed, and \(failures) runs with them, differing "
        + "after the next run: \(differing)")
    // Without faults there would be nothing to see.
    #expect(failures > 100)
    #expect(openObjectCount(in: undisturbed.directory) == 0)
  }
}
