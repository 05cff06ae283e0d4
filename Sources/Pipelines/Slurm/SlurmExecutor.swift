import Glibc
import SystemPackage

/// Does the work of stages in jobs of a Slurm cluster that shares this file system.
///
/// Slurm is asked for the queue alone: whether a job did its work is said by the result that it leaves. A job
/// that is no more in the queue and left none, because it was preempted, ran out of time, or its node died, has
/// a successor, which goes on from the last checkpoint.
package final class SlurmExecutor: StageExecutor {
  /// A stage that was given to Slurm.
  private struct Job {
    var task: StageTask
    let number: Int
    let stops: [Interruption]
    var record: JobRecord
    /// The state that was told last.
    var state: String?
    /// Since when it is not in the queue, and has no result either.
    var absentSince: ContinuousClock.Instant?
  }

  private let store: ArtifactStore
  private let settings: ClusterSettings
  private let program: FilePath
  private let reporter: any RunReporter
  private let commands: SlurmCommands
  /// How long to wait for the next look at the queue: longer and longer while nothing ends.
  private var interval = SlurmExecutor.shortestInterval
  private var jobs: [Job] = []
  private var ended: [(number: Int, outcome: StageOutcome)] = []
  private var isSilent = false
  private var hasSubmitted = false

  private static let shortestInterval = Duration.milliseconds(100)
  private static let longestInterval = Duration.seconds(5)
  /// How long a job's result is waited for when it has left the queue, in seconds, unless the `cluster` file says
  /// otherwise: other machines' files are seen late on some file systems.
  private static let patience = 30
  /// A job may be submitted again so often, unless the `cluster` file says otherwise.
  private static let retries = 3
  /// What a job asks for besides what its stage is estimated to need, as a share of that.
  private static let spareMemory = 0.3

  /// - Parameter program: The executable that jobs run, by a path that is the same everywhere.
  package init(
    store: ArtifactStore, settings: ClusterSettings, program: FilePath, reporter: any RunReporter
  ) {
    self.store = store
    self.settings = settings
    self.program = program
    self.reporter = reporter
    commands = SlurmCommands(files: store.files)
  }

  package var sharesMachine: Bool { false }

  package func output(for fingerprint: Digest) throws -> FilePath {
    // A job's name is part of it: `submit` has the last word.
    JobFolder(store: store, fingerprint: fingerprint).path
  }

  private func folder(of task: StageTask) -> JobFolder {
    JobFolder(store: store, fingerprint: task.fingerprint)
  }

  private func log(of task: StageTask) -> FilePath {
    store.root.appending(task.pipeline).appending(task.stage + ".log")
  }
}

// MARK: - Submitting

extension SlurmExecutor {
  package func start(_ task: StageTask, _ kind: any Stage.Type, number: Int, stops: [Interruption]) {
    do {
      let folder = folder(of: task)
      if let record = try folder.record(), let ticket = try folder.ticket(record.name),
        ticket.task.programVersion == task.programVersion
      {
        // An earlier run left it.
        reporter.jobFound(task.stage, job: record.id, log: folder.logPath(record.name))
        jobs.append(Job(task: ticket.task, number: number, stops: stops, record: record))
      } else {
        // Without its queue nothing could be known of a job; later on, those that were submitted count.
        if !hasSubmitted { _ = try commands.states() }
        hasSubmitted = true
        try folder.remove()
        let memory = task.forecast.memory.map { $0 * (1 + Self.spareMemory) }
        let (task, record) = try submit(task, attempt: 1, memory: memory)
        jobs.append(Job(task: task, number: number, stops: stops, record: record))
      }
    } catch {
      ended.append((number, .failed(error)))
    }
  }

  private func submit(
    _ task: StageTask, attempt: Int, memory: Double?
  ) throws -> (StageTask, JobRecord) {
    let folder = folder(of: task)
    let request = settings.request(for: task.kind)
    var task = task
    let name = JobName(attempt: attempt)
    task.threads = request.cpus ?? 1
    task.output = folder.outputPath(name)
    let needed = [memory, request.memory].compactMap { $0 }.max()
    try folder.write(JobTicket(task: task, root: store.root, name: name))
    let script = JobScript(
      task: task, name: name, folder: folder, request: request, memory: needed, program: program)
    try folder.write(script: script.text, of: name)
    let id = try commands.submit(folder.scriptPath(name), options: script.options)
    let record = JobRecord(id: id, name: name, memory: needed)
    try folder.write(record)
    reporter.jobSubmitted(task.stage, job: id, log: folder.logPath(name))
    return (task, record)
  }
}

// MARK: - Waiting

extension SlurmExecutor {
  package func next() -> (number: Int, outcome: StageOutcome) {
    while true {
      if !ended.isEmpty {
        interval = Self.shortestInterval
        return ended.removeFirst()
      }
      if let index = jobs.firstIndex(where: { $0.stops.contains(where: \.isRequested) }) {
        let job = jobs.remove(at: index)
        reporter.stageLeft(job.task.stage, job: job.record.id)
        return (job.number, .left)
      }
      look()
      if ended.isEmpty { wait() }
    }
  }

  /// Waits for the next look, or until the run is asked to stop.
  private func wait() {
    let end = ContinuousClock.now + interval
    while ContinuousClock.now < end, !jobs.contains(where: { $0.stops.contains(where: \.isRequested) }) {
      usleep(20_000)
    }
    interval = min(interval * 1.5, Self.longestInterval)
  }

  /// Finds out which jobs have ended.
  private func look() {
    // Jobs go on, whatever keeps this program from asking for them.
    let states = (try? commands.states()) ?? nil
    if states == nil, !isSilent { reporter.queueSilent() }
    isSilent = states == nil
    var rest: [Job] = []
    for var job in jobs {
      // A result that cannot be read now may be read later, or the job has a successor.
      if let outcome = (try? outcome(of: job)) ?? nil {
        ended.append((job.number, outcome))
        continue
      }
      do {
        guard let states else { rest.append(job); continue }
        if let state = states[job.record.id] {
          if state != job.state { reporter.jobChanged(job.task.stage, job: job.record.id, state: state) }
          job.state = state
          job.absentSince = nil
        } else {
          let since = job.absentSince ?? .now
          job.absentSince = since
          let patience = settings.request(for: job.task.kind).patience ?? Self.patience
          if since.secondsUntilNow >= Double(patience) { try succeed(&job) }
        }
        rest.append(job)
      } catch {
        ended.append((job.number, .failed(error)))
      }
    }
    jobs = rest
  }

  /// How a job ended; `nil` while it has left no result, or a successor may do better.
  private func outcome(of job: Job) throws -> StageOutcome? {
    let folder = folder(of: job.task)
    switch try folder.result(job.record.name)?.ending {
    case nil: return nil
    case .done(let result, let hash):
      // What another machine has written may be seen late, or not at all.
      guard try store.files.exists(result.output), try store.files.hash(result.output).digest == hash else {
        return nil
      }
      return .done(result)
    case .failed(_, let status)
    where status == ExitStatus.inputOutput.rawValue || status == ExitStatus.cannotCreate.rawValue:
      // The disk of a node, say: another one may do better.
      return nil
    case .failed(let message, let status):
      return .failed(
        SlurmError.failed(message: message, status: status, log: folder.logPath(job.record.name)))
    }
  }

  /// Submits the successor of a job that has ended without a result.
  private func succeed(_ job: inout Job) throws {
    let folder = folder(of: job.task)
    let (attempt, state) = (job.record.name.attempt, commands.lastState(of: job.record.id))
    guard attempt <= settings.request(for: job.task.kind).retries ?? Self.retries else {
      throw SlurmError.gaveUp(attempts: attempt, state: state, log: log(of: job.task))
    }
    reporter.jobLost(
      job.task.stage, job: job.record.id, state: state, log: folder.logPath(job.record.name))
    let memory = job.record.memory.map { state == "OUT_OF_MEMORY" ? 2 * $0 : $0 }
    (job.task, job.record) = try submit(job.task, attempt: attempt + 1, memory: memory)
    job.state = nil
    job.absentSince = nil
  }

  package func remove(_ task: StageTask) {
    let folder = folder(of: task)
    let name = ((try? folder.record()) ?? nil)?.name
    try? folder.remove(keepingLogOf: name, at: log(of: task))
  }
}
