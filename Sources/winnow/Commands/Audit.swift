import ArgumentParser
import Compute
import Glibc
import Pipelines
import Reports
import Stages
import SystemPackage

extension Winnow {
  struct Audit: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Look for poisoned samples in a training set of one's own.",
      discussion: """
        Nothing has to be known of the set but its labels. What is found lies under artifacts/audit-NAME/: \
        report.html to look at, suspects.csv, clean-indices.txt, verdict.json; with --repair a model as well. \
        After Ctrl-C or a crash the same command resumes.

        Exit status: 0 nothing stands out, 1 the set is called poisoned, 2 inconclusive, 3 another result \
        than --expect has; others as of winnow.

        Example: winnow audit data/my-images --repair

        Example: winnow audit data/my-images --quarantine data/my-images-clean --dry-run
        """)

    @Argument(help: "The folder with the set.", completion: .file())
    var path: String?

    @Argument(
      help: ArgumentHelp(
        "Other values for variables or parameters of the manifest (--print-manifest shows it).",
        valueName: "name=value"))
    var overrides: [String] = []

    @Flag(help: "One look alone, where others take a second one when nothing is found.")
    var quick = false

    @Flag(help: 
        "Take four times as long: a verdict from each of three networks, and what would have been found.")
    var thorough = false

    @Flag(help: "Train a model, and take out of it what the suspects taught it.")
    var repair = false

    @Option(
      help: ArgumentHelp(
        "Make a new folder of the samples named clean (hard links, or copies).", valueName: "directory"),
      completion: .directory)
    var quarantine: String?

    @Flag(help: "With --quarantine: say what would be in it, and make nothing.")
    var dryRun = false

    @Option(
      help: ArgumentHelp("Say whether the result is that of an earlier verdict.json.", valueName: "file"),
      completion: .file(extensions: ["json"]))
    var expect: String?

    @Flag(help: "Print verdict.json in the place of words.")
    var json = false

    @Flag(
      name: .customLong("trust-hdf5"),
      help: ArgumentHelp(
        "The path is an HDF5 file with images and labels (data/README.md), and you know where it is from: a "
          + "hostile one can crash the library that reads it."))
    var trustHDF5 = false

    @Flag(name: .shortAndLong, help: "Show no progress.")
    var quiet = false

    @Flag(help: "Print the manifest that would be run, and run nothing.")
    var printManifest = false

    @Flag(help: "Print the JSON schema of verdict.json, and run nothing.")
    var printSchema = false

    @Option(help: "How many threads to use; the result is the same for any.")
    var threads: Int?

    @OptionGroup var place: DirectoryOption

    mutating func validate() throws {
      guard printSchema || path != nil else { throw ValidationError("name the folder with the set") }
      guard !(quick && thorough) else { throw ValidationError("--quick and --thorough are two ways: take one") }
      guard !dryRun || quarantine != nil else { throw ValidationError("--dry-run is for --quarantine") }
      guard (1...1024).contains(threads ?? 1) else { throw ValidationError("--threads takes 1 to 1024") }
      if path != nil, let problem = AuditManifest(settings).problem { throw ValidationError(problem) }
    }

    private var settings: AuditSettings {
      AuditSettings(
        path: path ?? "", effort: quick ? .quick : thorough ? .thorough : .standard, repairs: repair,
        trustsHDF5: trustHDF5, overrides: overrides)
    }

    mutating func run() throws {
      if printSchema { return Output.result(AuditVerdict.schema) }
      if printManifest { return Output.rawResult(AuditManifest(settings).text) }
      let expected = try expect.map { try readVerdict($0) }
      Signals.install()
      let outcome = try audit()
      let verdict = outcome.verdict
      if json {
        Output.rawResult(try verdict.json)
      } else {
        for line in outcome.lines { Output.result(line) }
        Output.result("Look at '\(folder.appending("report.html"))'.")
      }
      try separate(outcome)
      if let expected {
        let differences = verdict.differences(from: expected)
        for difference in differences { Output.message(difference) }
        guard differences.isEmpty else { throw ExitCode(3) }
        Output.message("the result is that of '\(expect ?? "")'")
      }
      switch outcome.finding.state {
      case .nothingStandsOut: return
      case .poisoned: throw ExitCode(1)
      case .inconclusive: throw ExitCode(2)
      }
    }

    /// Where the results lie.
    private var folder: FilePath { place.store.root.appending(settings.pipelineName) }

    /// Runs what is not up to date, and writes the results.
    private func audit() throws -> AuditOutcome {
      let store = place.store
      let set = place.directory.pushing(FilePath(settings.path))
      guard access(set.string, R_OK) == 0 else {
        throw PipelineError.system(.open, path: set, Errno(rawValue: errno))
      }
      let manifest = folder.appending(settings.pipelineName + ".pipeline")
      try store.files.makeFolders(folder)
      try OutputFile.write(AuditManifest(settings).text, to: manifest)
      // The manifest's path is given as the run's directory sees it.
      let (pipeline, warnings) = try Manifest.load(
        path: FilePath("artifacts").appending(settings.pipelineName).appending(settings.pipelineName + ".pipeline"),
        overrides: settings.overrides, catalogue: catalogue, directory: place.directory)
      for warning in warnings { Output.message(warning.rendered) }
      let options = RunOptions(threads: threads ?? WorkerPool.defaultThreadCount)
      let runner = try Runner(
        pipeline: pipeline, store: store, directory: place.directory, options: options,
        reporter: RunDisplay(showsNotes: false, showsProgress: !quiet), interruption: Signals.interruption)
      try runner.run()
      let outcome = try AuditOutcome(settings, of: pipeline, in: store)
      for (name, text) in [
        ("report.html", outcome.html), ("suspects.csv", outcome.suspectsCSV),
        ("clean-indices.txt", outcome.cleanIndices), ("verdict.json", try outcome.verdict.json),
      ] {
        try OutputFile.write(text, to: folder.appending(name))
      }
      return outcome
    }

    /// Makes the folder of the clean part, or says what would be in it.
    private func separate(_ outcome: AuditOutcome) throws {
      guard let quarantine, let path else { return }
      let planned = try outcome.quarantine(
        from: place.directory.pushing(FilePath(path)), to: place.directory.pushing(FilePath(quarantine)))
      if dryRun {
        Output.message("'\(quarantine)' would have \(planned.text)")
      } else {
        try planned.make()
        Output.message("'\(quarantine)' has \(planned.text)")
      }
    }

    private func readVerdict(_ name: String) throws -> AuditVerdict {
      let path = place.directory.pushing(FilePath(name))
      guard let bytes = try place.store.files.contents(of: path) else {
        throw PipelineError.system(.open, path: path, .noSuchFileOrDirectory)
      }
      do {
        return try AuditVerdict(json: bytes)
      } catch {
        throw ValidationError("'\(name)' is no verdict.json of this version")
      }
    }
  }
}
