import ArgumentParser
import Pipelines
import Stages
import SystemPackage

extension Winnow {
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show how an artifact was made and what it contains.",
      discussion: """
        Example: winnow show pipelines/quickstart.pipeline split

        Example: winnow show pipelines/dst-table.pipeline table --text csv > table.csv

        Example: winnow show pipelines/quickstart.pipeline received --png received.png
        """)

    @Argument(help: "The manifest.", completion: .file(extensions: ["pipeline"]))
    var manifest: String

    @Argument(help: "The stage.")
    var stage: String

    @Flag(
      name: .customLong("manifest"),
      help: "Print the manifest that it was built from, and nothing else.")
    var printsManifest = false

    @Option(
      help: ArgumentHelp(
        "Print a text of the artifact, and nothing else: a table's 'text', 'csv', 'markdown' or 'latex'.",
        valueName: "name"))
    var text: String?

    @Option(
      help: ArgumentHelp(
        "Write a picture of 16 images: of a set with changed images before, after, and what the change is.",
        valueName: "file"), completion: .file(extensions: ["png"]))
    var png: String?

    @OptionGroup var place: DirectoryOption

    mutating func run() throws {
      let name = FilePath(manifest).stem ?? manifest
      let store = place.store
      guard let record = try store.publishedRecord(pipeline: name, stage: stage) else {
        throw PipelineError.notBuilt(
          stage: stage, pipeline: name, built: try store.builtStages(of: name))
      }
      if printsManifest { return Output.result(record.manifestText) }
      let condition = try store.condition(of: record)
      if let text {
        guard condition == .whole else { throw PipelineError.damaged(count: 1) }
        return try show(text, of: store.path(of: record.fileHash))
      }
      if let png {
        guard condition == .whole else { throw PipelineError.damaged(count: 1) }
        return try OutputFile.write(
          ContactSheet.png(of: store.path(of: record.fileHash)), to: place.directory.pushing(FilePath(png)))
      }
      let text = RecordText(
        record: record, link: store.link(pipeline: name, stage: stage),
        file: store.path(of: record.fileHash), condition: condition)
      Output.result(text.text)
      // A damaged file is not given to the HDF5 library.
      if condition == .whole {
        let contents = try ArtifactContents(of: store.path(of: record.fileHash))
        Output.result("\n" + ContentsText(contents).text)
      }
    }

    private func show(_ name: String, of path: FilePath) throws {
      let texts = try ArtifactContents.texts(of: path)
      guard let text = texts.first(where: { $0.name == name })?.text else {
        throw PipelineError.noText(name, stage: stage, known: texts.map(\.name))
      }
      // To the byte; only a text that does not end its last line gets an end.
      Output.rawResult(text.last?.isNewline == true ? text : text + "\n")
    }
  }
}
