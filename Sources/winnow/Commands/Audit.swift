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
        report.html to look at, suspects.csv, clean-indices.txt, verdict.json; the models of --repair and --retrain \
        lie there as repaired.h5 and retrained.h5, and 'winnow export' gives them to other programs. After Ctrl-C or a \
        crash the same command resumes.

        With --events every line on the standard error that begins with '{' is an event in JSON, as of 'winnow run \
        --json'; 'message' (text) has what else is said. The result stays on the standard output, in words or with \
        --json as verdict.json. An error that ends the audit is told in words.

        Exit status: 0 nothing stands out, 1 the set is called poisoned, 2 inconclusive, 3 another result \
        than --expect has; others as of winnow.

        Example: winnow audit data/my-images --repair

        Example: winnow audit data/my-images --model my-resnet18.safetensors

        Example: winnow export audit-my-images repaired repaired.safetensors

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
        "Repair this model of one's own, trained on the set, in the place of one that is trained first: a "
          + "ResNet-18, VGG-19-BN or DenseNet-161 under torchvision's names. Where the file does not say its stem and "
          + "normalization: own_model.stem=plain own_model.normalization=imagenet.", valueName: "file.safetensors"),
      completion: .file(extensions: ["safetensors"]))
    var model: String?

    @Flag(
      help: """
        Train a model from scratch that learns no label of a suspect: features by contrast, then a classifier on them \
        (D-ST). It takes five to six times as long as the audit itself.
        """)
    var retrain = false

    @Option(
      help: ArgumentHelp(
        "Look only at these classes, named or by number from 0, such as cat,dog,ship,truck,deer; of two alone "
          + "little can be told. Numbers of samples stay those of the whole set.", valueName: "names"))
    var classes: String?

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

    @Flag(help: "Tell of the run in JSON on the standard error, a line for each event, in the place of progress.")
    var events = false

    @Flag(
      name: .customLong("trust-hdf5"),
      help: ArgumentHelp(
        "The path is an HDF5 file with images and labels (data/README.md), and you know where it is from: a "
          + "hostile one can crash the library that reads it."))
    var trustHDF5 = false

    @Flag(help: "Wait while another run is writing to artifacts/, instead of giving up.")
    var wait = false

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
      guard !(events && quiet) else { throw ValidationError("--events and --quiet are two ways: take one") }
      if path != nil, let problem = AuditManifest(settings()).problem { throw ValidationError(problem) }
    }

    private func settings(_ own: OwnModel? = nil) -> AuditSettings {
      AuditSettings(
        path: path ?? "", effort: quick ? .quick : thorough ? .thorough : .standard, repairs: repair,
        retrains: retrain, model: own, classes: classes.map(ParameterValue.names) ?? [], trustsHDF5: trustHDF5,
        overrides: overrides)
    }

    mutating func run() throws {
      if printSchema { return Output.result(AuditVerdict.schema) }
      let settings = settings(try model.map { try OwnModel($0, at: place.directory.pushing(FilePath($0))) })
      if let problem = AuditManifest(settings).problem { throw ValidationError(problem) }
      if printManifest { return try printManifest(of: settings) }
      let expected = try expect.map { try readVerdict($0) }
      Signals.install()
      let events = events ? RunEvents(to: { Output.message($0) }) : nil
      let say: (String) -> Void = { text in
        if let events { events.message(text) } else { Output.message(text) }
      }
      let outcome = try audit(
        settings, reporter: events ?? RunDisplay(showsNotes: false, showsProgress: !quiet), say: say)
      let verdict = outcome.verdict
      if json {
        Output.rawResult(try verdict.json)
      } else {
        for line in outcome.lines { Output.result(line) }
        Output.result("Look at '\(folder(settings).appending("report.html"))'.")
      }
      try separate(outcome, say: say)
      if let expected {
        let differences = verdict.differences(from: expected)
        differences.forEach(say)
        guard differences.isEmpty else { throw ExitCode(3) }
        say("the result is that of '\(expect ?? "")'")
      }
      switch outcome.finding.state {
      case .nothingStandsOut: return
      case .poisoned: throw ExitCode(1)
      case .inconclusive: throw ExitCode(2)
      }
    }

    /// Without overrides the set need not be there.
    private func printManifest(of settings: AuditSettings) throws {
      let text = AuditManifest(settings).text
      if !settings.overrides.isEmpty {
        _ = try Manifest.load(
          path: FilePath(settings.pipelineName + ".pipeline"), text: text, overrides: settings.overrides,
          catalogue: catalogue, directory: place.directory)
      }
      Output.rawResult(text)
    }

    /// Where the results lie.
    private func folder(_ settings: AuditSettings) -> FilePath { place.store.root.appending(settings.pipelineName) }

    /// Runs what is not up to date, and writes the results.
    private func audit(
      _ settings: AuditSettings, reporter: any RunReporter, say: (String) -> Void
    ) throws -> AuditOutcome {
      let folder = folder(settings)
      let store = place.store
      let set = place.directory.pushing(FilePath(settings.path))
      guard access(set.string, R_OK) == 0 else {
        throw PipelineError.system(.open, path: set, Errno(rawValue: errno))
      }
      if let quarantine {
        try Quarantine.check(source: set, target: place.directory.pushing(FilePath(quarantine)))
      }
      let (name, text) = (settings.pipelineName + ".pipeline", AuditManifest(settings).text)
      // The manifest's path is given as the run's directory sees it.
      let (pipeline, warnings) = try Manifest.load(
        path: FilePath("artifacts").appending(settings.pipelineName).appending(name), text: text,
        overrides: settings.overrides, catalogue: catalogue, directory: place.directory)
      for warning in warnings { say(warning.rendered) }
      let options = RunOptions(waits: wait, threads: threads ?? WorkerPool.defaultThreadCount)
      let runner = try Runner(
        pipeline: pipeline, store: store, directory: place.directory, options: options,
        reporter: reporter, interruption: Signals.interruption)
      // Sets whose folders are called alike share the audit's folder: another audit waits until all is written.
      return try runner.holdingStore {
        try store.files.makeFolders(folder)
        // What it says may be of any version: only another path is of interest.
        if let bytes = try store.files.contents(of: folder.appending("verdict.json")),
          let other = try? AuditVerdict(json: bytes, at: "verdict.json").data.path, other != settings.path
        {
          say("warning: '\(folder)' held the results of '\(other)', which are replaced")
        }
        try OutputFile.write(text, to: folder.appending(name))
        // Those of the set as it was would pass for those of this run, if it fails or is stopped.
        if try !runner.plan().isFresh {
          for result in ResultFile.allCases { try store.files.removeIfPresent(folder.appending(result.rawValue)) }
        }
        try runner.run()
        let outcome = try AuditOutcome(settings, of: pipeline, in: store)
        for result in ResultFile.allCases {
          try OutputFile.write(result.text(of: outcome), to: folder.appending(result.rawValue))
        }
        return outcome
      }
    }

    /// A file that an audit leaves.
    private enum ResultFile: String, CaseIterable {
      case page = "report.html"
      case suspects = "suspects.csv"
      case clean = "clean-indices.txt"
      case verdict = "verdict.json"

      func text(of outcome: AuditOutcome) throws -> String {
        switch self {
        case .page: outcome.html
        case .suspects: outcome.suspectsCSV
        case .clean: outcome.cleanIndices
        case .verdict: try outcome.verdict.json
        }
      }
    }

    /// Makes the folder of the clean part, or says what would be in it.
    private func separate(_ outcome: AuditOutcome, say: (String) -> Void) throws {
      guard let quarantine, let path else { return }
      let planned = try outcome.quarantine(
        from: place.directory.pushing(FilePath(path)), to: place.directory.pushing(FilePath(quarantine)))
      if planned.names.isEmpty {
        say("\(QuarantineError.nothingClean(FilePath(quarantine)))")
      } else if dryRun {
        say("'\(quarantine)' would have \(planned.text)")
        for caution in outcome.cautions { say("warning: \(caution)") }
      } else {
        try planned.make(interruption: Signals.interruption)
        say("'\(quarantine)' has \(planned.text)")
        for caution in outcome.cautions { say("warning: \(caution)") }
      }
    }

    private func readVerdict(_ name: String) throws -> AuditVerdict {
      let path = place.directory.pushing(FilePath(name))
      guard let bytes = try place.store.files.contents(of: path) else {
        throw PipelineError.system(.open, path: path, .noSuchFileOrDirectory)
      }
      return try AuditVerdict(json: bytes, at: FilePath(name))
    }
  }
}
