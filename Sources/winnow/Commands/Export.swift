import ArgumentParser
import Pipelines
import Stages
import SystemPackage

extension Winnow {
  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write a model into a file that other programs read.",
      discussion: """
        safetensors: the weights, under torchvision's names: in PyTorch, \
        model.load_state_dict(safetensors.torch.load_file("model.safetensors")) takes them all. What \
        the pixels are scaled by is in the file's metadata.

        onnx: weights and computation, for onnxruntime and others. The input 'pixels' is float32 [batch, \
        channels, height, width] with values 0 to 255, channels red, green, blue (or grey): pixels as they are \
        in a file; what they are scaled by is part of the model. The output 'logits' is [batch, classes]. The \
        batch may have any size. An encoder has the outputs 'features' and 'embeddings'.

        Example: winnow export pipelines/quickstart.pipeline repaired --to safetensors model.safetensors

        Example: winnow export pipelines/quickstart.pipeline repaired --to onnx model.onnx
        """)

    @Argument(help: "The manifest.", completion: .file(extensions: ["pipeline"]))
    var manifest: String

    @Argument(help: "The stage that made the model.")
    var stage: String

    @Argument(help: "The file to write.", completion: .file())
    var file: String

    @Option(help: ArgumentHelp("The format of the file; by its ending where this is not given.", valueName: "format"))
    var to: ModelExport.Format?

    mutating func validate() throws {
      guard format != nil else {
        throw ValidationError("the ending of '\(file)' says no format: add --to safetensors or --to onnx")
      }
    }

    private var format: ModelExport.Format? {
      to ?? FilePath(file).extension.flatMap { ModelExport.Format(rawValue: $0.lowercased()) }
    }

    @OptionGroup var place: DirectoryOption

    mutating func run() throws {
      guard let format else { return }
      let name = FilePath(manifest).stem ?? manifest
      let path = try place.store.wholeArtifact(pipeline: name, stage: stage)
      let bytes = try ModelExport.bytes(of: path, as: format)
      try OutputFile.write(bytes, to: place.directory.pushing(FilePath(file)))
      Output.message("wrote '\(file)'")
    }
  }
}

extension ModelExport.Format: ExpressibleByArgument {}

extension ArtifactStore {
  /// Where the last artifact of a stage lies.
  ///
  /// - Throws: `PipelineError` when it was never built, or is damaged.
  func wholeArtifact(pipeline: String, stage: String) throws -> FilePath {
    guard let record = try publishedRecord(pipeline: pipeline, stage: stage) else {
      throw PipelineError.notBuilt(stage: stage, pipeline: pipeline, built: try builtStages(of: pipeline))
    }
    guard try condition(of: record) == .whole else { throw PipelineError.damaged(count: 1) }
    return path(of: record.fileHash)
  }
}
