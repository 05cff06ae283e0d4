import ArgumentParser
import Compute
import HDF5
import Pipelines
import Stages
import SystemPackage

extension Winnow {
  struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Run the stages of a pipeline that are not up to date.",
      discussion: """
        Finished stages are kept whatever happens. After Ctrl-C or a crash the same command resumes \
        from the last checkpoint.

        With --json the standard output is a line of JSON for each event. All have 'event': run-started (pipeline, \
        stages, to_run), stage-fresh, stage-started (number, of, reasons, resumes_from), progress (done, total, label, \
        rate, detail), note and warning (text), stage-finished (seconds, path, bytes), stage-failed (message), \
        stage-stopped, stage-skipped (because), checkpoint-ignored and run-waits (message), run-finished (built, fresh, \
        failed, skipped, seconds); with --on also job-submitted and job-found (job, path), job-changed (job, state), \
        job-lost (job, state, path), stage-left (job), queue-silent; those of a stage have 'stage'.

        Example: winnow run pipelines/dbr.pipeline attack=blend-strip --only split
        """)

    @OptionGroup var arguments: PipelineArguments

    @Option(
      help: ArgumentHelp(
        "Run only this stage, all copies of it, and what it needs; may be given again.", valueName: "stage"))
    var only: [String] = []

    @Option(
      help: ArgumentHelp(
        "Run this stage, all copies of it, even if it is up to date; may be given again.", valueName: "stage"))
    var force: [String] = []

    @Flag(
      name: [.long, .customShort("n")],
      help: "Show what would run and why, without running it; 'winnow plan' shows what it would take.")
    var dryRun = false

    @Flag(name: .shortAndLong, help: "Show results and failures, and no progress.")
    var quiet = false

    @Flag(help: "Tell of the run in JSON, a line for each event, in the place of words.")
    var json = false

    @Flag(help: "Wait while another run is writing to artifacts/, instead of giving up.")
    var wait = false

    @Flag(
      name: [.long, .customShort("k")],
      help: "After a failure, continue with stages that do not need the failed one.")
    var keepGoing = false

    @Option(
      name: .shortAndLong,
      help: ArgumentHelp(
        "Run up to this many stages at once, as far as memory goes, with the threads divided among them "
          + "(default: 1); with --on, this many jobs (default: 50).", valueName: "jobs"))
    var jobs: Int?

    @Option(
      help: ArgumentHelp(
        "Run the stages as jobs of a cluster: slurm. After Ctrl-C they go on, and the same command takes up "
          + "their results.", valueName: "cluster"))
    var on: Cluster?

    @Option(
      name: .customLong("cluster"),
      help: ArgumentHelp(
        "With --on: the file that says what jobs ask for. (default: 'cluster', where there is one)",
        valueName: "file"), completion: .file())
    var clusterFile: String?

    @Flag(help: "With --on: end the pipeline's jobs, and run nothing.")
    var cancel = false

    @Option(help: ArgumentHelp("Save the state of long stages this often.", valueName: "seconds"))
    var checkpoint = 60

    mutating func validate() throws {
      guard (0...1_000_000).contains(checkpoint) else {
        throw ValidationError("--checkpoint takes 0 to 1000000 seconds, not \(checkpoint)")
      }
      guard !(json && quiet) else { throw ValidationError("--json and --quiet are two ways: take one") }
      guard !(json && dryRun) else { throw ValidationError("--json tells of a run, and --dry-run makes none") }
      guard (1...1024).contains(jobs ?? 1) else {
        throw ValidationError("--jobs takes 1 to 1024 stages, not \(jobs ?? 1)")
      }
      guard on != nil || clusterFile == nil && !cancel else {
        throw ValidationError("--cluster and --cancel go with '--on slurm'")
      }
      guard on != nil || jobs ?? 1 == 1 || HDF5.libraryIsThreadSafe else {
        throw ValidationError("--jobs needs an HDF5 library that was built for threads; this one was not")
      }
    }

    mutating func run() throws {
      Signals.install()
      let pipeline = try arguments.load()
      if cancel { return try cancelJobs(of: pipeline) }
      let options = RunOptions(
        only: only, force: force, keepsGoing: keepGoing, checkpointInterval: .seconds(checkpoint),
        waits: wait, jobs: jobs ?? (on == nil ? 1 : 50), threads: WorkerPool.defaultThreadCount,
        memoryLimit: MemoryGuard.available)
      let store = arguments.place.store
      if dryRun {
        let plan = try arguments.inspector(of: pipeline, options).plan()
        return Output.result(PlanText(plan: plan, store: store).text)
      }
      let reporter: any RunReporter =
        json
        ? RunEvents(to: { Output.result($0) })
        : RunDisplay(tellsFailures: keepGoing, showsProgress: !quiet, jobs: on == nil ? options.jobs : 1)
      let runner = try Runner(
        pipeline: pipeline, store: store, directory: arguments.place.directory, options: options,
        reporter: reporter, interruption: Signals.interruption,
        executor: on.map { _ in try executor(store, reporter) })
      let summary = try runner.run()
      if !summary.built.isEmpty { warnIfEdited(pipeline) }
      if summary.built.isEmpty && !json {
        if !quiet { Output.message("nothing to do: \(summary.fresh.count) stages are up to date") }
        let asked = Set(only.flatMap { pipeline.indices(of: $0) }).sorted().map { pipeline.stages[$0] }
        try NoteText.print(
          only.isEmpty ? pipeline.finalStages : asked, of: pipeline, in: store)
      }
    }

    private func executor(_ store: ArtifactStore, _ reporter: any RunReporter) throws -> SlurmExecutor {
      let path = arguments.place.directory.pushing(FilePath(clusterFile ?? "cluster"))
      let bytes = try store.files.contents(of: path)
      if bytes == nil, clusterFile != nil {
        throw PipelineError.system(.open, path: path, .noSuchFileOrDirectory)
      }
      let settings = try ClusterFile.settings(
        from: String(decoding: bytes ?? [], as: UTF8.self), at: path,
        kinds: catalogue.stages.map { $0.declaration.kind })
      return SlurmExecutor(
        store: store, settings: settings,
        program: Launch.portableProgram(try store.files.target(ofLink: "/proc/self/exe")), reporter: reporter)
    }

    private func cancelJobs(of pipeline: Pipeline) throws {
      let ended = try arguments.place.store.cancelJobs(of: pipeline.name)
      Output.message(
        ended.isEmpty ? "no jobs of '\(pipeline.name)'" : "ended the jobs of: \(ended.joined(separator: ", "))")
    }

    /// Warns when the manifest, or a file that it includes, was changed during the run.
    private func warnIfEdited(_ pipeline: Pipeline) {
      let now = try? arguments.load(showsWarnings: false)
      guard now?.text != pipeline.text else { return }
      Output.message(
        "warning: '\(pipeline.manifest)' was edited during the run, which used the earlier text\n"
          + "  run again to use the new one")
    }
  }
}

/// The clusters that stages can run on.
enum Cluster: String, ExpressibleByArgument, CaseIterable {
  case slurm
}
