import Images
import Networks
import Pipelines

/// The parameters by which a stage says which network it makes.
struct ArchitectureParameters {
  let architecture = Parameter<ArchitectureWord>.choice(
    "architecture", default: ArchitectureWord(ResNet18.self), "The architecture.")
  let width = Parameter<Int?>.optionalInteger(
    "width", in: 1...1024, absent: "the published width: 64, of densenet161 96", unit: "channels",
    "Channels of the first stage; all others grow with it.")
  let stem: Parameter<StemWord>
  let normalization = Parameter<NormalizationWord>.choice(
    "normalization", default: .measured, "Mean and standard deviation that pixels are scaled by.")

  init(stem: StemWord = .published) {
    self.stem = .choice("stem", default: stem, "What stands before the stages.")
  }

  var declarations: [ParameterDeclaration] {
    [architecture.declaration, width.declaration, stem.declaration, normalization.declaration]
  }

  /// What does not go together.
  func problems(with parameters: [String: ParameterValue]) -> [String] {
    let architecture = architecture.value(in: parameters).type
    let word = stem.value(in: parameters)
    guard let stem = word.stem, !architecture.stems.contains(stem) else { return [] }
    let known = architecture.stems.map { "'\($0.rawValue)'" }.joined(separator: ", ")
    return ["'\(architecture.name)' has no stem '\(word.rawValue)'; it has \(known)"]
  }

  /// The network for images of a set.
  func description(for images: ImageSet, in context: StageContext) -> ModelDescription {
    let shape = MapShape(height: images.shape.height, width: images.shape.width, channels: images.shape.channels)
    return ModelDescription(
      architecture: context[architecture].type, width: context[width],
      stem: context[stem].stem(of: context[architecture].type, for: shape), classes: images.classCount, image: shape)
  }
}

/// The words for architectures: those of `Architectures.all`.
struct ArchitectureWord: ParameterWord, Hashable {
  let type: any Architecture.Type

  init(_ type: any Architecture.Type) { self.type = type }

  init?(rawValue: String) {
    guard let type = Architectures.named(rawValue) else { return nil }
    self.type = type
  }

  var rawValue: String { type.name }
  var summary: String { type.summary }
  static var allCases: [ArchitectureWord] { Architectures.all.map { ArchitectureWord($0) } }

  static func == (a: ArchitectureWord, b: ArchitectureWord) -> Bool { a.rawValue == b.rawValue }
  func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}

/// The words for stems.
enum StemWord: String, ParameterWord {
  case published
  case fitting
  case maxPooling = "max-pool"
  case plain
  case strided = "stride-2"
  case large = "imagenet"

  /// `nil` for those that depend on the network.
  var stem: Stem? { Stem(rawValue: rawValue) }

  /// Images that are smaller than this have nothing to be pooled at once.
  private static let leastPooled = 24

  /// The stem of a network of an architecture; `nil` for the published one.
  func stem(of architecture: any Architecture.Type, for image: MapShape) -> Stem? {
    guard self == .fitting else { return stem }
    let isSmall = min(image.height, image.width) < Self.leastPooled
    return isSmall && architecture.stems.contains(.plain) ? .plain : nil
  }

  var summary: String {
    switch self {
    case .published:
      "what the architecture is published with: 'max-pool' for resnet18 (CIFAR-10), else 'imagenet'"
    case .fitting: "'published', but 'plain' where images are less than 24 pixels high or wide"
    case .maxPooling: "3x3 convolution, 3x3 max-pooling of stride 2 (published for CIFAR-10)"
    case .plain:
      "3x3 convolution (published for CIFAR-100, and for D-ST); for vgg19-bn: no 7x7 pooling at the end"
    case .strided: "3x3 convolution of stride 2: as fast as with max-pooling"
    case .large: "for large images: of resnet18 and densenet161, 7x7 convolution of stride 2, max-pooling"
    }
  }
}

/// The words for the constants that pixels are scaled by.
enum NormalizationWord: String, ParameterWord {
  case measured
  case cifar10
  case cifar100
  case imagenet
  case imagenetSubset = "imagenet-subset"

  var summary: String {
    switch self {
    case .measured: "those of the training set"
    case .cifar10: "the published constants for CIFAR-10"
    case .cifar100: "the published constants for CIFAR-100"
    case .imagenet: "those of torchvision's pretrained models"
    case .imagenetSubset: "the published constants for the subset of ImageNet"
    }
  }

  /// - Throws: `ArtifactError.normalizationOfColours` where the constants are for other channels than the
  ///   images have.
  func constants(for images: ImageSet) throws(ArtifactError) -> Normalization {
    let constants: Normalization =
      switch self {
      case .measured: Normalization(measuredFrom: images)
      case .cifar10: .cifar10
      case .cifar100: .cifar100
      case .imagenet: .imagenet
      case .imagenetSubset: .imagenetSubset
      }
    guard constants.mean.count == images.shape.channels else {
      throw .normalizationOfColours(rawValue, channels: images.shape.channels)
    }
    return constants
  }
}
