import ArgumentParser
import Pipelines
import Reports
import SystemPackage

extension Winnow {
  struct Clean: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Remove the artifacts of a pipeline.",
      discussion: """
        What other pipelines use as well is kept.

        Example: winnow clean pipelines/quickstart.pipeline
        """)

    @Argument(help: "The manifest.", completion: .file(extensions: ["pipeline"]))
    var manifest: String

    @Flag(help: "Remove only the saved states of unfinished stages.")
    var checkpoints = false

    @OptionGroup var place: DirectoryOption

    mutating func run() throws {
      let name = FilePath(manifest).stem ?? manifest
      // Jobs on a cluster would write to what is no more there.
      if !checkpoints { _ = try place.store.cancelJobs(of: name, isStrict: false) }
      let freed = try place.store.clean(pipeline: name, onlyCheckpoints: checkpoints)
      Output.result("\(NumberFormat.size(freed)) freed")
    }
  }
}
