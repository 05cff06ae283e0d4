import SystemPackage

/// What Slurm is told of a job: the options of `sbatch`, and a script.
struct JobScript {
  let task: StageTask
  let name: JobName
  let folder: JobFolder
  let request: ClusterSettings.Request
  /// In bytes; `nil` leaves it to Slurm.
  let memory: Double?
  /// The executable of this program.
  let program: FilePath

  var options: [String] {
    var options = [
      "--job-name=winnow:\(task.stage)",
      // A percent sign begins a pattern there.
      "--output=\(folder.logPath(name).string.replacing("%", with: "%%"))",
      "--cpus-per-task=\(task.threads)",
      // A successor is this program's matter: it knows which file belongs to which job.
      "--no-requeue",
      // Time to save a checkpoint before the end.
      "--signal=B:TERM@60",
    ]
    if let memory { options.append("--mem=\(Int((memory / 1_048_576).rounded(.up)))M") }
    if let partition = request.partition { options.append("--partition=\(partition)") }
    if let account = request.account { options.append("--account=\(account)") }
    if let time = request.time { options.append("--time=\(time)") }
    return options + request.options
  }

  /// The program takes the place of the shell, so that signals reach it.
  var text: String {
    (["#!/bin/sh"] + request.setup + [
      "export WINNOW_THREADS=\(task.threads)",
      "exec \(quoted(program)) work \(quoted(folder.ticketPath(name)))",
    ]).joined(separator: "\n") + "\n"
  }

  /// For a shell.
  private func quoted(_ path: FilePath) -> String {
    let parts = path.string.split(separator: "'", omittingEmptySubsequences: false)
    return "'" + parts.joined(separator: #"'\''"#) + "'"
  }
}
