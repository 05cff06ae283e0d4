import ArgumentParser
import Glibc
import Pipelines
import Stages
import SystemPackage

/// Where to run.
struct DirectoryOption: ParsableArguments {
  @Option(
    name: .customShort("C"),
    help: ArgumentHelp("Run in this directory instead of the current one.", valueName: "directory"))
  var path: String?

  func validate() throws {
    guard let path, access(path, X_OK) != 0 else { return }
    throw ValidationError("cannot use the directory '\(path)': \(Errno(rawValue: errno))")
  }

  /// Empty for the current directory, so that paths print as they were written.
  var directory: FilePath { FilePath(path ?? "") }

  var store: ArtifactStore { ArtifactStore(root: directory.appending("artifacts")) }
}

/// A manifest with its overrides.
struct PipelineArguments: ParsableArguments {
  @Argument(help: "The manifest.", completion: .file(extensions: ["pipeline"]))
  var manifest: String

  @Argument(
    help: ArgumentHelp(
      "Other values for variables (attack=blend-strip) or parameters (warmup.epochs=3).",
      valueName: "name=value"))
  var overrides: [String] = []

  @OptionGroup var place: DirectoryOption

  /// Reads and checks the manifest, and shows its warnings.
  func load(showsWarnings: Bool = true) throws -> Pipeline {
    let (pipeline, warnings) = try Manifest.load(
      path: FilePath(manifest), overrides: overrides, catalogue: catalogue,
      directory: place.directory)
    for warning in warnings where showsWarnings { Output.message(warning.rendered) }
    return pipeline
  }

  /// A runner that shows nothing, for commands that only look.
  func inspector(of pipeline: Pipeline, _ options: RunOptions = RunOptions()) throws -> Runner {
    try Runner(
      pipeline: pipeline, store: place.store, directory: place.directory, options: options,
      reporter: SilentReporter())
  }
}
