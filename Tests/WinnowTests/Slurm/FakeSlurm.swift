import Foundation
import Glibc
import TestSupport
import Testing

/// Commands that behave like Slurm's as far as `winnow` can see, for machines without it: every job is a process
/// of this machine.
///
/// Files in the folder change what they do: while `hold` is there, jobs wait; `lose` has the number of jobs that
/// end before they begin; with `refuse`, none is taken; with `silent`, the queue is not shown; `state` has that of
/// all jobs that have ended.
final class FakeSlurm {
  private let folder: TemporaryFolder

  init(_ faults: String...) throws {
    folder = try TemporaryFolder()
    try write("sbatch", Self.sbatch)
    try write("squeue", Self.squeue)
    try write("scancel", "#!/bin/sh\nfor id; do kill -TERM $id 2>/dev/null; done\nexit 0\n")
    try write("scontrol", Self.scontrol)
    try write("sacct", "#!/bin/sh\nexit 1\n")
    for fault in faults { try set(fault) }
  }

  deinit { for job in jobs { kill(job, SIGKILL) } }

  private static let sbatch = """
    #!/bin/sh
    here=$(dirname "$0")
    [ -e "$here/refuse" ] && { echo "sbatch: error: invalid partition specified" >&2; exit 1; }
    for word; do
      case $word in --output=*) log=${word#--output=} ;; esac
      script=$word
    done
    echo "$@" >> "$here/submitted"
    lost=$(cat "$here/lose" 2>/dev/null || echo 0)
    if [ "$lost" -gt 0 ]; then
      echo $((lost - 1)) > "$here/lose"
      echo 999999999
      exit 0
    fi
    setsid sh -c 'while [ -e "$1/hold" ]; do sleep 0.02; done; exec sh "$2"' - "$here" "$script" \\
      > "$log" 2>&1 < /dev/null &
    echo $! >> "$here/jobs"
    echo $!

    """

  private static let squeue = """
    #!/bin/sh
    here=$(dirname "$0")
    [ -e "$here/silent" ] && { echo "slurm_load_jobs error: Unable to contact slurm controller" >&2; exit 1; }
    touch "$here/jobs"
    state=RUNNING
    [ -e "$here/hold" ] && state=PENDING
    while read id; do
      grep -qs '^State:.[^ZX]' /proc/$id/status && echo "$id $state"
    done < "$here/jobs"
    exit 0

    """

  private static let scontrol = """
    #!/bin/sh
    state=$(cat "$(dirname "$0")/state" 2>/dev/null) || exit 1
    echo "JobId=$4 JobName=winnow JobState=$state Reason=None"

    """

  private func write(_ name: String, _ text: String) throws {
    try Command.writingExecutables {
      try folder.write(text.utf8, to: name)
      chmod(folder.path(name).string, 0o755)
    }
  }

  /// Makes a fault: "lose=2", "hold".
  func set(_ fault: String) throws {
    let parts = fault.split(separator: "=")
    try folder.write((parts.count > 1 ? String(parts[1]) : "").utf8, to: String(parts[0]))
  }

  func clear(_ fault: String) throws {
    try FileManager.default.removeItem(atPath: folder.path(fault).string)
  }

  private func lines(_ name: String) -> [String] {
    let text = (try? String(contentsOfFile: folder.path(name).string, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init)
  }

  /// The words of every call of `sbatch`.
  var submitted: [String] { lines("submitted") }

  /// The processes of all jobs.
  var jobs: [pid_t] { lines("jobs").compactMap { pid_t($0) } }

  /// Starts `winnow` where these are Slurm's commands.
  ///
  /// - Parameter isInstalled: whether they are there.
  func start(
    _ arguments: [String], in workspace: Workspace, isInstalled: Bool = true
  ) throws -> Command {
    let path = (isInstalled ? folder.path.string + ":" : "") + (isInstalled ? "/usr/bin:/bin" : "/nowhere")
    return try workspace.start(
      ["PATH=\(path)", Command.path(of: "winnow")] + arguments, program: "/usr/bin/env", threads: 1)
  }

  func winnow(
    _ arguments: [String], in workspace: Workspace, isInstalled: Bool = true
  ) throws -> Outcome {
    try start(arguments, in: workspace, isInstalled: isInstalled).outcome()
  }
}
