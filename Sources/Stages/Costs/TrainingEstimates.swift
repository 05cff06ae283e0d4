import Detection
import Networks
import Pipelines

extension ArchitectureParameters {
  /// The network for images of a set; `nil` where too little is known of them.
  func description(for images: ArtifactFacts, in context: EstimateContext) -> ModelDescription? {
    guard let shape = images.shape, let classes = images.classes else { return nil }
    return ModelDescription(
      architecture: context[architecture].type, width: context[width],
      stem: context[stem].stem(of: context[architecture].type, for: shape), classes: classes, image: shape)
  }
}

extension EstimatedStage {
  /// The estimate of a stage that trains a network on images.
  ///
  /// - Parameters:
  ///   - trained, seen: see `NetworkCost.workload`; `nil` where it is not known.
  ///   - batch: images in a step, each view for itself.
  static func estimate(
    training model: ModelDescription?, _ form: NetworkCost.Form = .classifier, trained: Double?,
    seen: Double? = 0, batch: Int, images: ArtifactFacts, further: ArtifactFacts = ArtifactFacts()
  ) -> StageEstimate {
    var facts = ArtifactFacts()
    facts.model = model
    guard let model, let trained, let seen else { return StageEstimate(facts: facts) }
    let cost = NetworkCost(model, form)
    return StageEstimate(
      workload: cost.workload(trained: trained, seen: seen),
      memory: cost.memory(batch: batch, trains: trained > 0, images: images, further), facts: facts)
  }
}

extension TrainStage: EstimatedStage {
  static func estimate(_ context: EstimateContext) -> StageEstimate {
    let facts = context[images]
    let count = context.isConnected(split) ? context[split].clean : facts.images
    let model =
      context.isConnected(start)
      ? context[start].model : network.description(for: facts, in: context)
    let (epochs, batch) = (Double(context[training.epochs]), context[training.batch])
    let trained = count.map { count in
      let steps = max(1, (count / Double(batch)).rounded(.up))
      let least = (Double(context[leastSteps]) / steps).rounded(.up)
      return count * min(max(epochs, least), 25 * epochs)
    }
    return estimate(
      training: model, trained: trained, batch: min(batch, Int(count ?? .infinity, orIfTooLarge: batch)),
      images: facts)
  }
}

extension Int {
  /// A number of images as an integer.
  init(_ value: Double, orIfTooLarge other: Int) {
    self = value.isFinite && value < 1e15 ? Int(value) : other
  }
}

extension IntraClassStage: EstimatedStage {
  static func estimate(_ context: EstimateContext) -> StageEstimate {
    let facts = context[images]
    return estimate(
      training: context[model].model,
      trained: facts.images.map { Double(context[training.epochs]) * $0 }, batch: context[training.batch],
      images: facts)
  }
}

extension ContrastStage: EstimatedStage {
  static func estimate(_ context: EstimateContext) -> StageEstimate {
    let facts = context[images]
    return estimate(
      training: network.description(for: facts, in: context), .contrastive,
      trained: facts.images.map { 2 * Double(context[epochs]) * $0 }, batch: 2 * context[batch],
      images: facts)
  }
}

extension TrainClassifierStage: EstimatedStage {
  static func estimate(_ context: EstimateContext) -> StageEstimate {
    let (facts, split) = (context[images], context[split])
    var count = facts.images
    if context[loss] == .mixed, let clean = split.clean, let poisoned = split.poisoned {
      count = clean + poisoned
    }
    let walks = Double(context[training.epochs]) + (context[features] == .normalized ? 1 : 0)
    // The encoder is frozen: images go forward alone.
    return estimate(
      training: context[encoder].model, trained: 0, seen: count.map { walks * $0 },
      batch: context[training.batch], images: facts)
  }
}

extension CheckStage: EstimatedStage {
  static func estimate(_ context: EstimateContext) -> StageEstimate {
    let facts = context[images]
    let steps = facts.images.map { TrainingSteps.scaled(context[self.steps], images: Int($0)) }
    return estimate(
      training: context[model].model, trained: steps.map { Double($0 * context[batch]) },
      seen: facts.images, batch: context[batch], images: facts)
  }
}

extension ConfusionStage: EstimatedStage {
  static func estimate(_ context: EstimateContext) -> StageEstimate {
    let facts = context[images]
    let steps = facts.images.map { TrainingSteps.scaled(context[recipe.steps], images: Int($0)) }
    let changed = context[recipe.superimposed] + context[recipe.windows] * context[recipe.windows]
    let views = context[base.select] == .rank ? changed + 1 : 1
    let batch = 2 * context[recipe.batch]
    var estimate = estimate(
      training: context[model].model, trained: steps.map { Double($0 * batch) },
      seen: facts.images.map { Double(views) * $0 }, batch: batch, images: facts)
    estimate.facts = facts
    return estimate
  }
}

extension ContradictionStage: EstimatedStage {
  /// Of the first pair: in most sets there is nothing to go on with.
  static func estimate(_ context: EstimateContext) -> StageEstimate {
    let facts = context[images]
    let steps = facts.images.map { TrainingSteps.scaled(context[self.steps], images: Int($0)) }
    return estimate(
      training: context[check].model,
      trained: steps.map { Double(ContradictionRecipe.halves * $0 * context[batch]) },
      seen: facts.images.map { Double(1 + ContradictionRecipe.halves) * $0 }, batch: context[batch], images: facts)
  }
}

extension RecognitionStage: EstimatedStage {
  /// Nothing, where the verdict has named none or is not known yet: then the looks before it are what is trained.
  static func estimate(_ context: EstimateContext) -> StageEstimate {
    let facts = context[images]
    let isAsked = (context[verdict].poisoned ?? 0) > 0
    let steps = facts.images.map { TrainingSteps.scaled(context[self.steps], images: Int($0)) }
    return estimate(
      training: context[model].model,
      trained: isAsked ? steps.map { Double(context[parts] * $0 * context[batch]) } : 0,
      seen: isAsked ? facts.images : 0, batch: context[batch], images: facts)
  }
}
