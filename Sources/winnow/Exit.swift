import ArgumentParser
import Glibc
import HDF5
import Pipelines

/// The ways out of the program.
enum Exit {
  /// Says what went wrong and leaves with the status that belongs to it.
  static func withError(_ error: any Error) -> Never {
    switch error {
    case let error as ManifestError:
      Output.message(error.description)
      leave(error.exitStatus)
    case let error as any ErrorWithExitStatus:
      Output.message("error: \(error)")
      leave(error.exitStatus)
    case let error as HDF5Error:
      Output.message("error: \(error)")
      leave(.inputOutput)
    case is ExitCode:
      requireWholeResults()
      Winnow.exit(withError: error)
    default:
      // Usage errors, --help and --version. Whatever else comes here says what it is; it must not have the
      // status of a result.
      guard Winnow.exitCode(for: error) != .failure else {
        Output.message("error: \(error)")
        leave(.bug)
      }
      Winnow.exit(withError: error)
    }
  }

  static func withSuccess() -> Never {
    requireWholeResults()
    exit(0)
  }

  /// A status that says what was found is for those who could read it.
  private static func requireWholeResults() {
    guard !Output.resultsAreWhole else { return }
    Output.message("error: cannot write to the standard output")
    leave(.inputOutput)
  }

  /// Leaves without a message.
  static func leave(_ status: ExitStatus) -> Never { exit(status.rawValue) }
}

extension ManifestError {
  var exitStatus: ExitStatus {
    let errors = diagnostics.filter { $0.severity == .error }
    let isUnreadable = errors.allSatisfy { if case .unreadable = $0.kind { true } else { false } }
    return isUnreadable ? .noInput : .data
  }
}
