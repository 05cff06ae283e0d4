import Glibc
import Compute
import Pipelines
import Stages
import Synchronization
import SystemPackage

/// `winnow run` with a fault at a chosen system call, saving checkpoints at every step:
///
///     FaultyWinnow MANIFEST trace          prints the name of each call
///     FaultyWinnow MANIFEST kill N         kills itself instead of making the N-th
///     FaultyWinnow MANIFEST once N CODE    lets the N-th fail
///     FaultyWinnow MANIFEST lasting N CODE lets the N-th and all after it fail
@main
struct FaultyWinnow {
  enum Action: String {
    case trace, kill, once, lasting
  }

  static func main() {
    let arguments = CommandLine.arguments
    guard arguments.count >= 3, let action = Action(rawValue: arguments[2]) else { exit(64) }
    let position = arguments.count > 3 ? Int(arguments[3]) ?? 0 : 0
    let code = Errno(rawValue: arguments.count > 4 ? CInt(arguments[4]) ?? EIO : EIO)
    do {
      var files = FileSystem()
      files.intercept = intercept(action, position, code)
      let (pipeline, _) = try Manifest.load(
        path: FilePath(arguments[1]), catalogue: catalogue, directory: "")
      try Runner(
        pipeline: pipeline, store: ArtifactStore(root: "artifacts", files: files),
        options: RunOptions(checkpointInterval: .zero, threads: WorkerPool.defaultThreadCount),
        reporter: SilentReporter()
      ).run()
    } catch let error as PipelineError {
      fail(error.description, error.exitStatus)
    } catch {
      fail("\(error)", .bug)
    }
  }

  private static func fail(_ message: String, _ status: ExitStatus) -> Never {
    _ = try? FileDescriptor.standardError.writeAll("error: \(message)\n".utf8)
    exit(status.rawValue)
  }

  private static let count = Atomic<Int>(0)

  private static func intercept(
    _ action: Action, _ position: Int, _ code: Errno
  ) -> @Sendable (FileSystem.Operation, FilePath) -> Errno? {
    { operation, path in
      let number = count.add(1, ordering: .relaxed).newValue
      switch action {
      case .trace:
        print(operation.rawValue, path)
        return nil
      case .kill:
        if number == position { Glibc.kill(getpid(), SIGKILL) }
        return nil
      case .once: return number == position ? code : nil
      case .lasting: return number >= position ? code : nil
      }
    }
  }
}
