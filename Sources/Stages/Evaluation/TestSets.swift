import HDF5
import Images
import Networks
import Pipelines

/// The clean and the triggered test images on which a stage measures a model.
struct TestSets {
  private let clean: BatchAssembler
  private let triggered: (artifact: TriggeredArtifact, assembler: BatchAssembler)?

  /// Reads the sets and makes sure that they belong together and to the model.
  ///
  /// - Returns: `nil` where no clean test images are given.
  /// - Throws: `ArtifactError` when the triggered images were not made from the clean ones.
  init?(
    images: InputDeclaration, triggered: InputDeclaration, of context: StageContext, model: ModelArtifact
  ) throws {
    guard let imageInput = try context.openAll(images).first else { return nil }
    let test = try ImageArtifact.read(imageInput.file)
    clean = try model.assembler(for: test)
    self.triggered = try context.openAll(triggered).first.map { input in
      let artifact = try TriggeredArtifact(input.file)
      guard artifact.isMade(from: test) else {
        throw ArtifactError.otherTestSet(triggered: input.name, images: imageInput.name)
      }
      return (artifact, try model.assembler(for: artifact.images))
    }
  }

  /// Images in all.
  var count: Int { clean.images.count + (triggered?.artifact.images.count ?? 0) }

  var classNames: [String] { clean.images.classNames }

  /// Runs a network over the sets.
  ///
  /// - Parameter eachBatch: called after every batch, with how many images are done.
  /// - Throws: `InferenceError`, and what `eachBatch` throws.
  func predictions(
    of network: Network, eachBatch: (_ done: Int) throws -> Void = { _ in }
  ) throws -> (clean: ModelMetrics.Clean, triggered: ModelMetrics.Triggered?) {
    var done = 0
    func predictions(_ assembler: BatchAssembler) throws -> [Int] {
      try Inference.predictions(
        of: network, over: Array(assembler.images.labels.indices), of: assembler
      ) {
        done += $0.count
        try eachBatch(done)
      }
    }
    return (
      ModelMetrics.Clean(labels: clean.images.labels, predictions: try predictions(clean)),
      try triggered.map { artifact, assembler in
        ModelMetrics.Triggered(
          labels: artifact.images.labels, attackerLabels: artifact.attackerLabels,
          predictions: try predictions(assembler), originalIndices: artifact.originalIndices,
          target: artifact.labelMode == .allToAll ? nil : artifact.target)
      }
    )
  }
}
