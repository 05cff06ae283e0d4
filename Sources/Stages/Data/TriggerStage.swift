import Attacks
import HDF5
import Images
import Pipelines

/// Puts the trigger of a poisoned training set into test images, to measure the attack's success: the test
/// face of the attack that is stored with the set.
///
/// Images that the attack does not change the label of (the target class) are left out.
///
/// Output: see `ImageArtifact` (labels are the true ones), and
///
///     /attacker_labels   int64 [count]   what the attacker wants each image to be taken for
///     /original_indices  int64 [count]   index into the test set
///     attributes attack, label_mode, target_class, test_set (a digest of the test images and their labels)
///     of the root
///
/// and some of the images before and after, see `ExampleArtifact`.
enum TriggerStage: Stage {
  static let images = InputDeclaration("images", .images, count: .one, "The test set.")
  static let poisoned = InputDeclaration(
    "poisoned", .poisonedImages, count: .one, "The training set whose trigger is used.")

  static let attacker = Parameter.integer(
    "attacker", in: 1...1000, default: 1,
    "Whose trigger, where several have poisoned the set: the number in their order.")

  static let declaration = StageDeclaration(
    kind: "trigger", version: 3,
    summary: "Puts the trigger of a poisoned set into test images (for evaluation).",
    inputs: [images, poisoned], parameters: [attacker.declaration], output: .triggeredImages)

  static func run(_ context: StageContext) throws {
    let test = try ImageArtifact.read(context.open(images))
    let source = try context.open(poisoned)
    guard let truth = try TruthArtifact.read(source) else {
      throw ArtifactError.noTruth(source.path)
    }
    let number = context[attacker]
    guard number <= truth.attackers.count else {
      throw ArtifactError.noSuchAttacker(number, count: truth.attackers.count, in: source.path)
    }
    let (attack, target) = (truth.attackers[number - 1].attack, truth.attackers[number - 1].target)
    let triggered = try TriggeredTestSet(test, attack: attack, target: target)
    try ImageArtifact.write(triggered.images, to: context.output)
    let root = try context.output.root
    try root.setAttributes([
      "attack": .string(type(of: attack).name),
      "label_mode": .string(attack.labelMode.rawValue), "target_class": .integer(target),
      "test_set": .string(test.digest.text),
    ])
    try root.write(
      triggered.attackerLabels, to: "attacker_labels",
      attributes: ["axes": "image", "meaning": "the label that the attacker wants"])
    try root.write(
      triggered.originalIndices, to: "original_indices",
      attributes: ["axes": "image", "meaning": "index into the test set"])
    let places = Array(triggered.originalIndices.indices)
    try ExampleArtifact.write(
      places, before: { test[triggered.originalIndices[$0]] }, after: { triggered.images[$0] },
      to: context.output)
    context.note("\(triggered.images.count) of \(test.count) test images triggered")
  }
}

/// What `TriggerStage` wrote, for evaluation.
struct TriggeredArtifact {
  let images: ImageSet
  let attackerLabels: [Int]
  /// Indices into the test set, `[count]`.
  let originalIndices: [Int]
  let target: Int
  let labelMode: LabelMode
  /// The digest of the test set.
  private let testSet: String

  init(_ file: HDF5.File) throws {
    images = try ImageArtifact.read(file)
    attackerLabels = try file.root.read("attacker_labels")
    originalIndices = try file.root.read("original_indices")
    for (name, values) in [("attacker labels", attackerLabels), ("original indices", originalIndices)]
    where values.count != images.count {
      throw ArtifactError.differentCounts(name, values.count, "images", images.count)
    }
    testSet = try file.root.attribute("test_set")
    target = try file.root.attribute("target_class")
    let mode: String = try file.root.attribute("label_mode")
    guard let labelMode = LabelMode(rawValue: mode) else {
      throw ArtifactError.unknownWord(mode, attribute: "label_mode", in: file.path)
    }
    self.labelMode = labelMode
  }

  /// Whether these are images of that very set, by its pixels and labels.
  func isMade(from testImages: ImageSet) -> Bool {
    testImages.digest.text == testSet && originalIndices.allSatisfy(testImages.labels.indices.contains)
  }
}
