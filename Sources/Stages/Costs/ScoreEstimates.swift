import Pipelines

extension EstimatedStage {
  /// The estimate of a score that sees the images through a model so many times.
  static func estimate(seeing views: Int, _ context: EstimateContext) -> StageEstimate {
    let images = context[ScoreInputs.images]
    var estimate = estimate(
      training: context[ScoreInputs.model].model, trained: 0, seen: images.images.map { Double(views) * $0 },
      batch: 128, images: images)
    estimate.facts = images
    return estimate
  }
}

extension FeatureConsistencyStage: EstimatedStage {
  static func estimate(_ context: EstimateContext) -> StageEstimate {
    estimate(seeing: context[draws] + 1, context)
  }
}

extension LabelFitStage: EstimatedStage {
  static func estimate(_ context: EstimateContext) -> StageEstimate {
    estimate(seeing: context[superimposed] + context[windows] * context[windows] + 1, context)
  }
}

extension SpectralSignaturesStage: EstimatedStage {
  static func estimate(_ context: EstimateContext) -> StageEstimate { estimate(seeing: 1, context) }
}

extension ActivationClusteringStage: EstimatedStage {
  static func estimate(_ context: EstimateContext) -> StageEstimate { estimate(seeing: 1, context) }
}

extension SymmetricCrossEntropyStage: EstimatedStage {
  static func estimate(_ context: EstimateContext) -> StageEstimate { estimate(seeing: 1, context) }
}

extension LowLossStage: EstimatedStage {
  static func estimate(_ context: EstimateContext) -> StageEstimate { estimate(seeing: 1, context) }
}

extension PatternStage: EstimatedStage {
  static func estimate(_ context: EstimateContext) -> StageEstimate {
    estimate(goingThrough: context[images], facts: context[images])
  }
}

extension SplitStage: EstimatedStage {
  static func estimate(_ context: EstimateContext) -> StageEstimate {
    var facts = context[images]
    facts.clean = facts.images.map { $0 * context[clean] }
    facts.poisoned = facts.images.map { $0 * context[poisoned] }
    return estimate(goingThrough: context[images], facts: facts)
  }
}
