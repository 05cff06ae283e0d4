import SystemPackage

/// What can go wrong with jobs of a cluster, the work of their stages aside.
package enum SlurmError: Error, Hashable {
  case notInstalled(command: String)
  /// Slurm said no.
  case refused(command: String, message: String)
  /// A job ended without a result as often as is allowed; `state` is the last one that Slurm told.
  case gaveUp(attempts: Int, state: String?, log: FilePath)
  /// The stage's work failed in a job.
  case failed(message: String, status: Int32, log: FilePath)
}

extension SlurmError: CustomStringConvertible, ErrorWithExitStatus {
  package var description: String {
    switch self {
    case .notInstalled(let command):
      "there is no '\(command)' here: 'run --on slurm' is for a machine that jobs can be submitted from"
    case .refused(let command, let message):
      "\(command) refused the job: "
        + message.split(separator: "\n").joined(separator: "; ")
    case .gaveUp(let attempts, let state, let log):
      "its job ended without a result \(attempts == 1 ? "once" : "\(attempts) times")"
        + (state.map { ", at last as \($0)" } ?? "") + "; its messages are in '\(log)'"
    case .failed(let message, _, _): message
    }
  }

  package var exitStatus: ExitStatus {
    switch self {
    case .notInstalled, .refused: .inputOutput
    case .gaveUp: .inputOutput
    case .failed(_, let status, _): ExitStatus(rawValue: status)
    }
  }
}
