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

  static let declaration = StageDeclaration(
    kind: "load", version: 1, summary: "Reads an image set: CIFAR-10, CIFAR-100, or IDX (MNIST).",
    parameters: [
      path.declaration, split.declaration, format.declaration, count.declaration, seed.declaration,
    ],
    output: .images)

  static func run(_ context: StageContext) throws {
    var images = try ImageSetFiles.locate(
      in: context.path(path), split: context[split], format: context[format].format
    ).read()
    if let count = context[count] {
      images = try images.stratifiedSubset(count: count, seed: context[seed].map(UInt64.init))
    }
    if images.shape.channels == 1 { images = try images.withThreeChannels() }
    if images.shape.height == 28 && images.shape.width == 28 {
      images = try images.padded(toHeight: 32, width: 32)
    }
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

extension ImageSetSplit: ParameterWord {
  package var summary: String { "the \(title)" }
}
