import Images
import Pipelines

/// Reads an image set from its published files.
///
/// Output: see `ImageArtifact`.
enum LoadStage: Stage {
  static let path = Parameter<String>.path("path", "The folder that the files are in.")
  static let split = Parameter<ImageSetSplit>.choice(
    "split", "Which part of the set.")
  static let format = Parameter<FormatChoice>.choice(
    "format", default: .automatic, "The format of the files.")
  static let count = Parameter<Int?>.optionalInteger(
    "count", in: 1...100_000_000, absent: "all of them", unit: "images",
    "Takes only so many images: the same share of each class.")
  static let seed = Parameter<Int?>.optionalInteger(
    "seed", in: 0...Int(Int32.max), absent: "the first images of each class",
    "With `count`: chooses the images at random.")
  static let channels = Parameter<ChannelChoice>.choice(
    "channels", default: .asIs, "How many channels the images get.")
  static let border = Parameter.integer(
    "border", in: 0...1000, default: 0, unit: "pixels",
    "Puts a black border around the images: 2 makes 32x32 of 28x28.")

  static let declaration = StageDeclaration(
    kind: "load", version: 2, summary: "Reads an image set: CIFAR-10, CIFAR-100, or IDX (MNIST).",
    parameters: [
      path.declaration, split.declaration, format.declaration, count.declaration, seed.declaration,
      channels.declaration, border.declaration,
    ],
    output: .images)

  static func run(_ context: StageContext) throws {
    var images = try ImageSetFiles.locate(
      in: context.path(path), split: context[split], format: context[format].format
    ).read()
    if let count = context[count] {
      images = try images.stratifiedSubset(count: count, seed: context[seed].map(UInt64.init))
    }
    switch context[channels] {
    case .asIs: break
    case .grey: images = try images.withOneChannel()
    case .colour: images = try images.withThreeChannels()
    }
    let border = context[border]
    images = try images.padded(
      toHeight: images.shape.height + 2 * border, width: images.shape.width + 2 * border)
    try ImageArtifact.write(images, to: context.output)
    context.note(
      "\(images.count) images of \(images.shape) in \(images.classCount) classes: \(images.origin)")
    let empty = zip(images.classNames, images.classSizes).filter { $1 == 0 }.map(\.0)
    if !empty.isEmpty { context.warn("no image of: \(empty.joined(separator: ", "))") }
  }

  enum FormatChoice: String, ParameterWord {
    case automatic = "auto"
    case cifar10
    case cifar100
    case idx

    var summary: String {
      switch self {
      case .automatic: "the one whose files are there"
      case .cifar10: "CIFAR-10's binary files: data_batch_1.bin …, test_batch.bin"
      case .cifar100: "CIFAR-100's binary files, with the fine labels: train.bin, test.bin"
      case .idx: "the files of MNIST and its like: train-images-idx3-ubyte, also with .gz"
      }
    }

    var format: ImageSetFormat? { ImageSetFormat(rawValue: rawValue) }
  }
}

extension LoadStage {
  /// The words for the channels of images.
  enum ChannelChoice: String, ParameterWord {
    case asIs = "as-is"
    case grey
    case colour

    var summary: String {
      switch self {
      case .asIs: "those that the files have: one or three"
      case .grey: "one: the brightness of colours, 0.299 red + 0.587 green + 0.114 blue"
      case .colour: "three: grey images get three equal ones"
      }
    }
  }
}

extension ImageSetSplit: ParameterWord {
  package var summary: String { "the \(title)" }
}
