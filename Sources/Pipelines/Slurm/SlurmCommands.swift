import SystemPackage

/// The commands of Slurm that are used: `sbatch`, `squeue`, `scontrol`, `sacct`, `scancel`.
struct SlurmCommands {
  let files: FileSystem

  /// Submits a job.
  ///
  /// - Returns: its number.
  /// - Throws: `SlurmError.refused`; `SlurmError.notInstalled`.
  func submit(_ script: FilePath, options: [String]) throws -> String {
    let outcome = try run("sbatch", ["--parsable"] + options + [script.string])
    // With several clusters the name of one follows.
    let id = outcome.output.split(whereSeparator: { $0 == ";" || $0.isWhitespace }).first.map(String.init)
    guard outcome.status == 0, let id else {
      throw SlurmError.refused(command: "sbatch", message: outcome.messages)
    }
    return id
  }

  /// The states of this user's jobs that are in the queue or at work; `nil` when Slurm does not answer.
  func states() throws -> [String: String]? {
    let outcome = try run("squeue", ["--noheader", "--me", "--format=%i %T"])
    guard outcome.status == 0 else { return nil }
    var states: [String: String] = [:]
    for line in outcome.output.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      if words.count == 2 { states[words[0]] = words[1] }
    }
    return states
  }

  /// How a job ended, where Slurm still knows or has accounting: "TIMEOUT", "NODE_FAIL".
  func lastState(of id: String) -> String? {
    if let outcome = try? run("scontrol", ["--oneliner", "show", "job", id]), outcome.status == 0,
      let word = outcome.output.split(separator: " ").first(where: { $0.hasPrefix("JobState=") })
    {
      return String(word.dropFirst("JobState=".count))
    }
    let question = ["--noheader", "--parsable2", "--allocations", "--jobs=\(id)", "--format=State"]
    if let outcome = try? run("sacct", question), outcome.status == 0 {
      return outcome.output.split(whereSeparator: \.isWhitespace).first.map(String.init)
    }
    return nil
  }

  /// Ends jobs. Those that have ended are no matter.
  func cancel(_ ids: [String]) throws {
    if !ids.isEmpty { _ = try run("scancel", ids) }
  }

  private func run(_ program: String, _ arguments: [String]) throws -> ChildProcess.Outcome {
    do {
      return try ChildProcess.run(program, arguments, files)
    } catch .system(_, _, .noSuchFileOrDirectory) {
      throw SlurmError.notInstalled(command: program)
    }
  }
}
