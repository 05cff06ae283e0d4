import HDF5
import Images
import Networks
import Pipelines

/// A network on its way between stages, and its layout in artifacts.
///
///     /state_dict/NAME   float32   weights and running statistics under PyTorch's names, in PyTorch's
///                                  axis order: h5py loads them into a torch module with one loop
///     /momentum/NAME     float32   the optimiser's momentum, for stages that go on training
///     /history/COLUMN    float64 [epochs]   what was measured in each epoch
///     attributes architecture, width, stem, classes, mean, standard_deviation, epochs_trained,
///     image_height, image_width of the root
struct ModelArtifact {
  let network: ResidualNetwork
  let normalization: Normalization
  /// Epochs of all trainings so far, which schedules go on from.
  let epochsTrained: Int

  /// - Parameter history: `nil` writes none.
  func write(to file: HDF5.File, history: TrainingHistory?) throws {
    try Self.writeConfiguration(
      network.configuration, normalization: normalization, epochsTrained: epochsTrained,
      architecture: "resnet18", to: file)
    try NetworkTensors(network).writeAll(to: file)
    if let history { try Self.write(history, to: file) }
  }

  static func writeConfiguration(
    _ configuration: ResidualNetworkConfiguration, normalization: Normalization,
    epochsTrained: Int, architecture: String, to file: HDF5.File
  ) throws {
    try file.root.setAttributes([
      "architecture": .string(architecture),
      "width": .integer(configuration.width), "stem": .string(configuration.stem.rawValue),
      "classes": .integer(configuration.classes),
      "image_height": .integer(configuration.height), "image_width": .integer(configuration.imageWidth),
      "mean": .doubles(normalization.mean.map(Double.init)),
      "standard_deviation": .doubles(normalization.standardDeviation.map(Double.init)),
      "epochs_trained": .integer(epochsTrained),
      "input": """
        float32 [image, channel, row, column]: (pixel / 255 - mean) / standard_deviation, channels \
        red, green, blue
        """,
    ])
  }

  static func write(_ history: TrainingHistory, to file: HDF5.File) throws {
    let group = try file.root.createGroup(
      "history", attributes: ["axes": "epoch", "meaning": "what was measured in each epoch"])
    for column in history.columns { try group.write(column.values, to: column.name) }
  }

  /// Reads a model.
  ///
  /// - Parameter capacity: the most images in a batch.
  static func read(
    _ file: HDF5.File, capacity: Int, context: ExecutionContext
  ) throws -> ModelArtifact {
    let stored = try readConfiguration(file)
    try NetworkMemory.require(stored.configuration, capacity: capacity)
    let network = ResidualNetwork(stored.configuration, capacity: capacity, context: context)
    try NetworkTensors(network).readAll(file)
    return ModelArtifact(
      network: network, normalization: stored.normalization, epochsTrained: stored.epochsTrained)
  }

  static func readConfiguration(
    _ file: HDF5.File
  ) throws -> (
    configuration: ResidualNetworkConfiguration, normalization: Normalization, epochsTrained: Int
  ) {
    let root = try file.root
    let stemName: String = try root.attribute("stem")
    guard let stem = ResidualNetworkConfiguration.Stem(rawValue: stemName) else {
      throw ArtifactError.unknownWord(stemName, attribute: "stem", in: file.path)
    }
    let mean: [Double] = try root.attribute("mean")
    let deviation: [Double] = try root.attribute("standard_deviation")
    return (
      ResidualNetworkConfiguration(
        width: try root.attribute("width"), stem: stem, classes: try root.attribute("classes"),
        height: try root.attribute("image_height"), imageWidth: try root.attribute("image_width")),
      Normalization(mean: mean.map(Float.init), standardDeviation: deviation.map(Float.init)),
      try root.attribute("epochs_trained")
    )
  }

  /// Checks that the images are of the kind that the network was made for, and makes batches of them.
  func assembler(for images: ImageSet) throws -> BatchAssembler {
    let configuration = network.configuration
    guard images.shape.height == configuration.height, images.shape.width == configuration.imageWidth,
      images.shape.channels == configuration.inputChannels
    else {
      throw ArtifactError.differentImages(
        model: "\(configuration.height)×\(configuration.imageWidth)×\(configuration.inputChannels)",
        images: images.shape.description)
    }
    guard images.classCount == configuration.classes else {
      throw ArtifactError.differentClasses(model: configuration.classes, images: images.classCount)
    }
    return BatchAssembler(images: images, normalization: normalization)
  }
}
