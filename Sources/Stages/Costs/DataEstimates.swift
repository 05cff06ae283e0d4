import Attacks
import Foundation
import Images
import Networks
import Pipelines

extension LoadStage: EstimatedStage {
  static func estimate(_ context: EstimateContext) -> StageEstimate {
    var facts = found(context)
    if let number = context[classes], let all = facts.classes, number < all {
      facts.images = facts.images.map { $0 * Double(number) / Double(all) }
      facts.classes = number
    }
    if let words = context[only], let all = facts.classes {
      // Which they are only the set knows; how many does for what a run takes.
      let chosen = min(Set(words).count, all)
      facts.images = facts.images.map { $0 * Double(chosen) / Double(max(all, 1)) }
      facts.classes = chosen
    }
    if let count = context[count] { facts.images = facts.images.map { min($0, Double(count)) } }
    if let shape = facts.shape { facts.shape = brought(shape, context) }
    return estimate(goingThrough: facts, facts: facts)
  }

  /// The set as its files have it.
  private static func found(_ context: EstimateContext) -> ArtifactFacts {
    var facts = ArtifactFacts()
    let (folder, split, format) = (context.path(path), context[split], context[format])
    if context[list] == nil, format != .folder,
      let set = try? ImageSetFiles.locate(
        in: folder, split: split, format: format.format, labels: context[labels]
      ).announcement()
    {
      facts.images = Double(set.count)
      facts.classes = set.classes
      facts.shape = MapShape(
        height: set.shape.height, width: set.shape.width, channels: set.shape.channels)
    } else if context[list] == nil, let files = try? ImageFileList.locate(in: folder, split: split) {
      facts.images = Double(files.files.count)
      facts.classes = files.classNames.count
      // Without a size, only the pictures themselves know it, and all are to have the same.
      facts.shape =
        context[size].map { MapShape(height: $0.height, width: $0.width, channels: 3) }
        ?? files.firstShape.map { MapShape(height: $0.height, width: $0.width, channels: $0.channels) }
    }
    return facts
  }

  /// The shape that images of a shape are brought to.
  private static func brought(_ shape: MapShape, _ context: EstimateContext) -> MapShape {
    let channels =
      switch context[channels] {
      case .asIs: shape.channels
      case .grey: 1
      case .colour: 3
      }
    let (size, border) = (context[size], 2 * context[border])
    return MapShape(
      height: (size?.height ?? shape.height) + border, width: (size?.width ?? shape.width) + border,
      channels: channels)
  }
}

extension DegradeStage: EstimatedStage {
  static func estimate(_ context: EstimateContext) -> StageEstimate {
    var facts = context[images]
    let imbalance = context[imbalance]
    if imbalance > 1, let count = facts.images, let classes = facts.classes, classes > 1 {
      let shares = (0..<classes).map { pow(imbalance, -Double($0) / Double(classes - 1)) }
      facts.images = count * shares.reduce(0, +) / Double(classes)
    }
    return estimate(goingThrough: context[images], facts: facts)
  }
}

extension PoisonStage: EstimatedStage {
  static func estimate(_ context: EstimateContext) -> StageEstimate {
    estimate(goingThrough: context[images], facts: context[images])
  }
}

extension TriggerStage: EstimatedStage {
  static func estimate(_ context: EstimateContext) -> StageEstimate {
    var facts = context[images]
    // Those of the target class are left out.
    if let count = facts.images, let classes = facts.classes, classes > 1 {
      facts.images = count * (1 - 1 / Double(classes))
    }
    return estimate(goingThrough: context[images], facts: facts)
  }
}

extension CleanSampleStage: EstimatedStage {
  static func estimate(_ context: EstimateContext) -> StageEstimate {
    var facts = context[images]
    facts.images = facts.images.map { max(1, ($0 * context[share]).rounded(.down)) }
    return estimate(goingThrough: context[images], facts: facts)
  }
}

extension PerturbStage: EstimatedStage {
  static func estimate(_ context: EstimateContext) -> StageEstimate {
    let facts = context[images]
    guard let model = context[self.model].model, let count = facts.images else {
      return StageEstimate(facts: facts)
    }
    let cost = NetworkCost(model)
    let perturbed = count / Double(max(1, model.classes))
    return StageEstimate(
      workload: cost.workload(trained: Double(context[steps]) * perturbed, seen: 2 * perturbed),
      memory: cost.memory(batch: 128, trains: true, images: facts), facts: facts)
  }
}

extension SteganographyStage: EstimatedStage {
  /// An upper bound: the training may end before.
  static func estimate(_ context: EstimateContext) -> StageEstimate {
    let images = context[images]
    guard let map = images.shape,
      let shape = try? SteganographyShape(
        ImageShape(height: map.height, width: map.width, channels: map.channels), bits: context[bits])
    else { return StageEstimate(facts: ArtifactFacts()) }
    let batch = context[batch]
    let speed = SteganographySpeed(shape, batch: batch)
    return StageEstimate(
      workload: Workload(
        unit: "images with \(shape.bits) bits hidden in \(map)", amount: Double(context[steps] * batch),
        usesThreads: true,
        assumedSeconds: NetworkCost.passesOfTraining * speed.multiplyAdds * NetworkCost.assumedSeconds,
        measure: { speed.secondsPerImage(threads: $0) }),
      memory: speed.memory + (images.values ?? 0), facts: ArtifactFacts())
  }
}
