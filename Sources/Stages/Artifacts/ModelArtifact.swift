import HDF5
import Images
import Networks
import Pipelines
import Reports

/// A network on its way between stages, and its layout in artifacts.
///
///     /state_dict/NAME   float32   weights and running statistics under PyTorch's names, in PyTorch's
///                                  axis order: h5py loads them into a torch module with one loop
///     /momentum/NAME     float32   the optimiser's momentum, for stages that go on training
///     /history/COLUMN    float64 [epochs]   what was measured in each epoch
///     /class_names       text [classes]     those that it was trained for, where they are known
///     attributes architecture, width, stem, classes, mean, standard_deviation, epochs_trained,
///     image_height, image_width, image_channels of the root
struct ModelArtifact {
  let description: ModelDescription
  let network: Network
  let normalization: Normalization
  /// Epochs of all trainings so far, which schedules go on from.
  let epochsTrained: Int
  /// Of the images that it was trained for; `nil` for a model from elsewhere.
  var classNames: [String]? = nil

  /// - Parameter history: `nil` writes none.
  func write(to file: HDF5.File, history: TrainingHistory?) throws {
    try Self.write(
      description, normalization: normalization, epochsTrained: epochsTrained, to: file)
    try NetworkTensors(network).writeAll(to: file)
    if let classNames {
      try file.root.write(
        classNames, to: Self.classNamesName,
        attributes: ["axes": "class", "meaning": "the classes that it was trained for"])
    }
    if let history { try Self.write(history, to: file) }
  }

  private static let classNamesName = "class_names"

  /// - Parameter suffix: what the network has besides the architecture, if anything.
  static func write(
    _ description: ModelDescription, normalization: Normalization, epochsTrained: Int,
    suffix: String = "", to file: HDF5.File
  ) throws {
    try file.root.setAttributes([
      "architecture": .string(description.architecture.name + suffix),
      "width": .integer(description.width), "stem": .string(description.stem.rawValue),
      "classes": .integer(description.classes),
      "image_height": .integer(description.image.height),
      "image_width": .integer(description.image.width),
      "image_channels": .integer(description.image.channels),
      "mean": .doubles(normalization.mean.map(Double.init)),
      "standard_deviation": .doubles(normalization.standardDeviation.map(Double.init)),
      "epochs_trained": .integer(epochsTrained),
      "input": """
        float32 [image, channel, row, column]: (pixel / 255 - mean) / standard_deviation, channels \
        red, green, blue (or grey)
        """,
    ])
  }

  static func write(_ history: TrainingHistory, to file: HDF5.File) throws {
    let group = try file.root.createGroup(
      "history", attributes: ["axes": "epoch", "meaning": "what was measured in each epoch"])
    for column in history.columns {
      try group.write(
        column.values, to: column.name,
        attributes: MetricDeclaration.named(column.name)?.attributes ?? [:])
    }
  }

  /// Reads a model.
  ///
  /// - Parameters:
  ///   - capacity: the most images in a batch.
  ///   - taps: where losses will be measured; none for a model that is only evaluated.
  ///   - kept: the taps that such a model is evaluated at.
  static func read(
    _ file: HDF5.File, capacity: Int, context: ExecutionContext, trainingAt taps: Set<Tap> = [],
    keeping kept: Set<Tap> = NetworkUse.usualTaps
  ) throws -> ModelArtifact {
    let stored = try StoredModel(file)
    let plan = stored.description.plan
    try MemoryGuard.require(plan, of: stored.description, capacity: capacity, trainingAt: taps)
    let network = Network(
      plan, capacity: capacity, context: context, for: taps.isEmpty ? .inference : .training,
      keeping: kept)
    try NetworkTensors(network).readAll(file)
    return ModelArtifact(
      description: stored.description, network: network, normalization: stored.normalization,
      epochsTrained: stored.epochsTrained,
      classNames: try file.root.contains(classNamesName) ? file.root.readStrings(classNamesName) : nil)
  }

  /// Checks that the images, and their classes, are of the kind that the network was made for, and makes batches of them.
  func assembler(for images: ImageSet) throws -> BatchAssembler {
    let expected = description.image
    guard images.shape.height == expected.height, images.shape.width == expected.width,
      images.shape.channels == expected.channels
    else {
      throw ArtifactError.differentImages(
        model: expected.description, images: images.shape.description)
    }
    guard images.classCount == description.classes else {
      throw ArtifactError.differentClasses(model: description.classes, images: images.classCount)
    }
    if let classNames, classNames != images.classNames {
      throw ArtifactError.differentClassNames(model: classNames, images: images.classNames)
    }
    return BatchAssembler(images: images, normalization: normalization)
  }
}

/// What an artifact says of a model, without its tensors.
struct StoredModel {
  let description: ModelDescription
  let normalization: Normalization
  let epochsTrained: Int

  /// - Parameter suffix: what follows the architecture's name.
  init(_ file: HDF5.File, suffix: String = "") throws {
    let root = try file.root
    let name: String = try root.attribute("architecture")
    guard name.hasSuffix(suffix),
      let architecture = Architectures.named(String(name.dropLast(suffix.count)))
    else {
      throw ArtifactError.unknownWord(name, attribute: "architecture", in: file.path)
    }
    let stemName: String = try root.attribute("stem")
    guard let stem = Stem(rawValue: stemName), architecture.stems.contains(stem) else {
      throw ArtifactError.unknownWord(stemName, attribute: "stem", in: file.path)
    }
    let mean: [Double] = try root.attribute("mean")
    let deviation: [Double] = try root.attribute("standard_deviation")
    description = ModelDescription(
      architecture: architecture, width: try root.attribute("width"), stem: stem,
      classes: try root.attribute("classes"),
      image: MapShape(
        height: try root.attribute("image_height"), width: try root.attribute("image_width"),
        channels: try root.attribute("image_channels")))
    normalization = Normalization(
      mean: mean.map(Float.init), standardDeviation: deviation.map(Float.init))
    epochsTrained = try root.attribute("epochs_trained")
  }
}
