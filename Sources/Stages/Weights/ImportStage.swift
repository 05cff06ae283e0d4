import HDF5
import Images
import Networks
import Pipelines

/// Reads a model that was trained elsewhere from a safetensors file with torchvision's names: to repair it,
/// or to begin with it.
///
/// What the file says of itself (those that winnow exports do) has to agree, and the constants that pixels are scaled
/// by are the file's.
///
/// Output: see `ModelArtifact`, without a history.
enum ImportStage: Stage {
  static let images = InputDeclaration(
    "images", .images, .poisonedImages, count: .one, "Images as the model takes them, for their size and classes.")
  static let file = Parameter<String>.path("file", "A safetensors file. Pickles are not read: they can run code. Where it says what pixels are scaled by, as what "
      + "winnow exports does, that is taken.")
  static let network = ArchitectureParameters()
  static let classifier = Parameter<ClassifierChoice>.choice(
    "classifier", default: .kept, "What becomes of the last linear layer.")
  static let seed = Parameter.integer(
    "seed", in: 0...Int(Int32.max), default: 1, "With `classifier = new`: its initial weights.")

  static let declaration = StageDeclaration(
    kind: "import", version: 2, summary: "Reads a model that was trained elsewhere (safetensors).",
    inputs: [images],
    parameters: [file.declaration] + network.declarations + [classifier.declaration, seed.declaration],
    output: .model)

  static func problems(with parameters: [String: ParameterValue]) -> [String] {
    network.problems(with: parameters)
  }

  static func run(_ context: StageContext) throws {
    let images = try ImageArtifact.read(context.open(images))
    let tensors = try SafetensorsFile(at: context.path(file))
    let description = network.description(for: images, in: context)
    let plan = description.plan
    try MemoryGuard.require(plan, of: description, capacity: 1)
    let network = Network(
      plan, capacity: 1, context: ExecutionContext(pool: context.pool), for: .inference)
    network.initialize(seed: seed(seed, in: context))
    let isKept = context[classifier] == .kept
    try WeightImport(tensors, into: network).run(
      where: { isKept || !description.isInClassifier($0) }, isClassifier: description.isInClassifier)
    // Behind the tensors, whose shapes say more of a wrong network.
    let metadata = ImportedMetadata(tensors)
    try metadata.require(description, isKept: isKept)
    let constants = try metadata.normalization(channels: images.shape.channels)
    try ModelArtifact(
      description: description, network: network,
      normalization: try constants ?? context[self.network.normalization].constants(for: images), epochsTrained: 0
    ).write(to: context.output, history: nil)
    let count = network.parameters.reduce(0) { $0 + $1.count }
    context.note(
      "\(description.architecture.name) of width \(description.width): \(count) weights"
        + (isKept ? "" : ", those of the last layer new")
        + (constants == nil ? "" : "; pixels are scaled as the file says"))
  }

  enum ClassifierChoice: String, ParameterWord {
    case kept, new

    var summary: String {
      switch self {
      case .kept: "it is read from the file; the images have the same classes in the same order"
      case .new: "it begins anew, for other classes than the file's"
      }
    }
  }
}
