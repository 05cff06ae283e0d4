import Detection
import HDF5
import Images
import Networks
import Pipelines

/// What the check network takes every training image for.
///
///     /predictions   int64 [count]     the class
///     /probability   float64 [count]   the probability of the given label
///     /base          uint8 [count]     1 for images that it was trained on
///     attribute trained of the root: see `RoundOutcome`; where nothing was trained, nothing else is there
struct CheckArtifact {
  let outcome: RoundOutcome
  let predictions: [Int]
  /// Of the given label.
  let probabilities: [Double]
  let isBase: [Bool]

  init(_ file: HDF5.File) throws {
    outcome = try RoundOutcome(of: file)
    guard outcome == .trained else {
      (predictions, probabilities, isBase) = ([], [], [])
      return
    }
    predictions = try file.root.read("predictions")
    probabilities = try ScoresArtifact.readColumn(LabelFit.probabilityName, file)
    isBase = try file.root.read("base", as: UInt8.self).map { $0 != 0 }
  }

  /// Asks a network.
  init(
    of model: ModelArtifact, over images: ImageSet, isBase: [Bool], progress: (Int) throws -> Void
  ) throws {
    let assembler = try model.assembler(for: images)
    outcome = .trained
    predictions = try Inference.predictions(
      of: model.network, over: Array(images.labels.indices), of: assembler
    ) { try progress($0.upperBound / 2) }
    probabilities = try Inference.labelProbabilities(of: model.network, over: assembler) {
      try progress((images.count + $0.upperBound) / 2)
    }
    self.isBase = isBase
  }

  func baseKnowledge(_ labels: [Int]) -> BaseKnowledge {
    BaseKnowledge(isBase: isBase, predictions: predictions, labels: labels)
  }

  /// - Throws: `ArtifactError` where it is not of these images.
  func checkCount(_ images: ImageSet) throws {
    guard predictions.count == images.count else {
      throw ArtifactError.differentCounts("predictions", predictions.count, "labels", images.count)
    }
    let known = (predictions.max() ?? 0) + 1
    guard known <= images.classCount else {
      throw ArtifactError.differentClasses(model: known, images: images.classCount)
    }
  }

  func write(to file: HDF5.File) throws {
    try file.root.write(
      predictions, to: "predictions",
      attributes: ["axes": "image", "meaning": "the class that the check network takes an image for"])
    try file.root.write(
      probabilities, to: LabelFit.probabilityName,
      attributes: ["axes": "image", "meaning": "probability of the given label"])
    try file.root.write(
      isBase.map { $0 ? UInt8(1) : 0 }, to: "base",
      attributes: ["axes": "image", "meaning": "1: the check network was trained on it; 0: not"])
    try file.root.setAttribute(RoundOutcome.attributeName, to: .string(RoundOutcome.trained.rawValue))
  }

  static func writeNothing(_ outcome: RoundOutcome, to file: HDF5.File) throws {
    try file.root.setAttribute(RoundOutcome.attributeName, to: .string(outcome.rawValue))
  }
}
