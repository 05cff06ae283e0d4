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
///     image_width, input of the root
///
/// Names and axis order are those of the authors' PyTorch module (method 9.3).
struct EncoderArtifact {
  let network: ContrastiveNetwork
  let normalization: Normalization
  let epochsTrained: Int

  /// What the file calls a tensor of the network.
  private static func storedName(_ name: String) -> String {
    name.hasPrefix("head.")
      ? name : "encoder." + name.replacing(".downsample.", with: ".shortcut.")
  }

  func write(to file: HDF5.File, history: TrainingHistory) throws {
    try ModelArtifact.writeConfiguration(
      network.encoder.configuration, normalization: normalization, epochsTrained: epochsTrained,
      architecture: "resnet18 with projection head", to: file)
    try NetworkTensors(network, storedName: Self.storedName).writeWeights(to: file)
    try ModelArtifact.write(history, to: file)
  }

  /// Reads the extractor alone into a network whose linear layer is still zero.
  static func readEncoder(
    _ file: HDF5.File, capacity: Int, context: ExecutionContext
  ) throws -> ModelArtifact {
    let stored = try ModelArtifact.readConfiguration(file)
    try NetworkMemory.require(stored.configuration, capacity: capacity)
    let network = ResidualNetwork(stored.configuration, capacity: capacity, context: context)
    try NetworkTensors(
      parameters: network.featureParameters, normalizations: network.normalizations,
      storedName: storedName
    ).readWeights(file)
    return ModelArtifact(
      network: network, normalization: stored.normalization, epochsTrained: stored.epochsTrained)
  }
}
