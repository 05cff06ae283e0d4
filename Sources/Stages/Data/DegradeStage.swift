import HDF5
import Images
import Pipelines

/// Gives a clean set the faults of data that was collected in good faith, to see whether a detector takes
/// them for poison.
///
/// Output: see `ImageArtifact`, and
///
///     /faults/sources      int64 [count]   the image that each was made from, as an index into the set
///     /faults/duplicates   int64 [number]  images that are near duplicates of others
///     /faults/mislabelled  int64 [number]  images whose label is not that of the set
///     /faults/odd          int64 [number]  images of one class from another source
enum DegradeStage: Stage {
  static let images = InputDeclaration(
    "images", .images, count: .one, "The set; a poisoned one is degraded before it is poisoned.")
  static let imbalance = Parameter.real(
    "imbalance", in: 1...1000, default: 1, unit: "times",
    "How much larger the largest class becomes than the smallest; the others lie between.")
  static let duplicates = Parameter.share(
    "duplicates", in: 0...0.9, default: 0, "How many images become near duplicates of others of their class.")
  static let copied = Parameter.share(
    "copied", in: 0...1, default: 0,
    "How many images of one class, drawn at random, become near duplicates of one image of it.")
  static let mislabelled = Parameter.share(
    "mislabelled", in: 0...1, default: 0, "How many images get the label of another class.")
  static let odd = Parameter.share(
    "odd", in: 0...1, default: 0, "How many images of one class, drawn at random, come from another source.")
  static let source = Parameter<OddSource>.choice(
    "source", default: .letterboxed, "What the images from another source have that no other image has.")
  static let seed = Parameter.integer(
    "seed", in: 0...Int(Int32.max), default: 1, "Chooses the images and what becomes of them.")

  static let declaration = StageDeclaration(
    kind: "degrade", version: 3,
    summary: "Gives a clean set honest faults: unequal classes, duplicates, wrong labels, an odd source "
      + "(for experiments).",
    inputs: [images],
    parameters: [
      imbalance.declaration, duplicates.declaration, copied.declaration, mislabelled.declaration, odd.declaration,
      source.declaration, seed.declaration,
    ], output: .images)

  static func run(_ context: StageContext) throws {
    let images = try ImageArtifact.read(context.open(images))
    let faults = CollectionFaults(
      imbalance: context[imbalance], duplicates: context[duplicates], copied: context[copied],
      mislabelled: context[mislabelled], odd: context[odd], oddSource: context[source], seed: seed(seed, in: context))
    if context[odd] > 0, context[source] == .grey, images.shape.channels == 1 {
      context.warn("the images have no colour: those from another source are like all others")
    }
    let result = faults.apply(to: images)
    try ImageArtifact.write(result.images, to: context.output)
    let group = try context.output.root.createGroup("faults")
    let copies = indices(result.isDuplicate)
    let wrong = indices(result.isMislabelled)
    let odd = indices(result.isOdd)
    try group.write(
      result.sources, to: "sources",
      attributes: ["axes": "image", "meaning": "what each was made from, as an index into the set before"])
    try group.write(
      copies, to: "duplicates", attributes: ["meaning": "images that are near duplicates of others"])
    try group.write(
      wrong, to: "mislabelled", attributes: ["meaning": "images that have the label of another class"])
    try group.write(
      odd, to: "odd", attributes: ["meaning": "images of one class from another source"])
    let sizes = result.images.classSizes
    context.note(
      "\(result.images.count) images, \(sizes.min() ?? 0) to \(sizes.max() ?? 0) a class, "
        + "\(copies.count) near duplicates, \(wrong.count) wrong labels, \(odd.count) from another source")
  }

  private static func indices(_ isChosen: [Bool]) -> [Int] { isChosen.indices.filter { isChosen[$0] } }
}

extension OddSource: ParameterWord {
  package var summary: String {
    switch self {
    case .grey: "They have no colour."
    case .blurred: "They are out of focus."
    case .letterboxed: "They have black bars above and below."
    }
  }
}
