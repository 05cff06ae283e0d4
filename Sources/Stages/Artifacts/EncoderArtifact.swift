import HDF5
import Images
import Networks
import Pipelines

/// A feature extractor from contrastive learning, and its layout in artifacts.
///
///     /state_dict/encoder.NAME   float32   weights and running statistics of the extractor
///     /state_dict/head.NAME      float32   the projection head that it was trained with
///     /history/COLUMN            float64 [epochs]   what was measured in each epoch
///     attributes architecture, width, stem, classes, mean, standard_deviation, epochs_trained, image_height,
///     image_width, image_channels, input of the root
///
/// Names and axis order are those of the authors' PyTorch module (method 9.3).
struct EncoderArtifact {
  let description: ModelDescription
  let network: Network
  let normalization: Normalization
  let epochsTrained: Int

  private static let suffix = " with projection head"

  /// What the file calls a tensor of the network.
  static func storedName(_ name: String) -> String {
    name.hasPrefix(ModelDescription.headPrefix)
      ? name : "encoder." + name.replacing(".downsample.", with: ".shortcut.")
  }

  /// Whether a model's file holds an extractor with a projection head.
  static func isEncoder(_ file: HDF5.File) throws -> Bool {
    try file.root.attribute("architecture", as: String.self).hasSuffix(suffix)
  }

  /// What the file says of the extractor, without its tensors.
  static func description(_ file: HDF5.File) throws -> StoredModel { try StoredModel(file, suffix: suffix) }

  func write(to file: HDF5.File, history: TrainingHistory) throws {
    try ModelArtifact.write(
      description, normalization: normalization, epochsTrained: epochsTrained,
      suffix: Self.suffix, to: file)
    try NetworkTensors(network, storedName: Self.storedName).writeWeights(to: file)
    try ModelArtifact.write(history, to: file)
  }

  /// Reads the extractor, frozen, into a network whose linear layer sees its features through a scale and is
  /// still zero.
  static func readEncoder(
    _ file: HDF5.File, capacity: Int, context: ExecutionContext
  ) throws -> ModelArtifact {
    let stored = try StoredModel(file, suffix: suffix)
    let description = stored.description
    let plan = description.scaledPlan
    try MemoryGuard.require(plan, of: description, capacity: capacity)
    let network = Network(plan, capacity: capacity, context: context, for: .inference)
    let encoder = network.parameters.filter { !description.isInClassifier($0.name) }
    try NetworkTensors(
      parameters: encoder, normalizations: network.normalizations, storedName: storedName
    ).readWeights(file)
    for parameter in encoder { parameter.isFrozen = true }
    return ModelArtifact(
      description: description, network: network, normalization: stored.normalization,
      epochsTrained: stored.epochsTrained)
  }
}
