import Images
import Pipelines
import Reports

/// Draws a few images from a set that is known to be clean, for the repairs that need some: each class in the
/// proportion that it has in the set.
///
/// For experiments: the images are those of the training set before it was poisoned. With a set of one's own,
/// a folder of images that somebody vouches for takes the place of this stage.
///
/// Output: see `ImageArtifact`, and
///
///     /indices   int64 [count]   the images, as indices into the set
enum CleanSampleStage: Stage {
  static let images = InputDeclaration(
    "images", .images, count: .one, "The clean set; a poisoned one cannot be connected.")
  static let share = Parameter.share(
    "share", in: 1e-6...1, default: 0.01, "How many images are drawn, as a share of the set.")
  static let seed = Parameter.integer(
    "seed", in: 0...Int(Int32.max), default: 1, "Chooses the images.")

  static let declaration = StageDeclaration(
    kind: "clean-sample", version: 1,
    summary: "Draws a few images from a clean set, for repairs that need some (for experiments).",
    inputs: [images], parameters: [share.declaration, seed.declaration], output: .images)

  static func run(_ context: StageContext) throws {
    let images = try ImageArtifact.read(context.open(images))
    let count = max(1, Int(context[share] * Double(images.count) + 1e-9))
    let indices = try images.stratifiedIndices(count: count, seed: seed(seed, in: context))
    let sample = images.subset(indices)
    try ImageArtifact.write(sample, to: context.output)
    try context.output.root.write(
      indices, to: "indices",
      attributes: ["axes": "image", "meaning": "the images, as indices into the set"])
    context.note("\(count) of \(images.count) images")
    let missing = zip(images.classNames, sample.classSizes).filter { $1 == 0 }.map(\.0)
    if !missing.isEmpty {
      context.warn(
        "no image of \(missing.listed(more: "more classes")) among them: a repair from them would forget such a class")
    }
  }
}
