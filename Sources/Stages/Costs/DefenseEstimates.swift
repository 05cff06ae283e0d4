import Defenses
import Networks
import Pipelines

extension RepairStage: EstimatedStage {
  static func estimate(_ context: EstimateContext) -> StageEstimate {
    let (facts, split) = (context[images], context[split])
    // A verdict that is still to come names an unknown number; then most images are clean.
    let clean = split.clean ?? facts.images
    let poisoned = split.poisoned ?? 0
    let rounds = Double(context[training.epochs])
    let batch = Double(context[training.batch])
    let poisonedBatch = Double(context[Self.poisonedBatch] ?? context[training.batch])
    let trained = clean.map { clean in
      switch context[order] {
      case .alternate: clean + poisoned
      case .joint: clean + (clean / batch).rounded(.up) * poisonedBatch
      case .unlearn: poisoned
      case .relearn: clean
      }
    }
    let tested = (context[test].images ?? 0) + (context[triggered].images ?? 0)
    return estimate(
      training: context[model].model, trained: trained.map { rounds * $0 }, seen: rounds * tested,
      batch: context[training.batch] + Int(poisonedBatch), images: facts, further: context[test])
  }
}

extension SemiSupervisedStage: EstimatedStage {
  static func estimate(_ context: EstimateContext) -> StageEstimate {
    let batch = context[batch]
    let steps = context[split].clean.map {
      ($0 / Double(batch)).rounded(.up) * Double(context[epochs])
    }
    let images = steps.map { $0 * Double(batch) }
    // Two views of what has no label are seen before it is guessed; then all three are trained on.
    return estimate(
      training: context[model].model, trained: images.map { 3 * $0 }, seen: images.map { 2 * $0 },
      batch: 3 * batch, images: context[self.images])
  }
}

extension EstimatedStage {
  /// The estimate of a repair that walks over a few clean images.
  ///
  /// - Parameters:
  ///   - passes: how often each goes forward and backward in an epoch.
  ///   - views: how often each goes forward alone in an epoch.
  ///   - measured: how often the images go forward in all, besides.
  static func estimate(
    repairingBy training: TrainingParameters, passes: Int = 1, views: Int = 0, measured: Int = 0,
    _ context: EstimateContext
  ) -> StageEstimate {
    let images = context[CleanSample.images]
    let walks = Double(context[training.epochs])
    let seen = walks * Double(views) + Double(measured)
    return estimate(
      training: context[CleanSample.model].model,
      trained: images.images.map { walks * Double(passes) * $0 }, seen: images.images.map { seen * $0 },
      batch: context[training.batch], images: images)
  }
}

extension FineTuneStage: EstimatedStage {
  static func estimate(_ context: EstimateContext) -> StageEstimate {
    estimate(repairingBy: training, context)
  }
}

extension FinePruningStage: EstimatedStage {
  static func estimate(_ context: EstimateContext) -> StageEstimate {
    estimate(repairingBy: training, measured: 1, context)
  }
}

extension ModeConnectivityStage: EstimatedStage {
  static func estimate(_ context: EstimateContext) -> StageEstimate {
    estimate(repairingBy: training, measured: 1, context)
  }
}

extension AttentionDistillationStage: EstimatedStage {
  /// The teacher sees every batch as well.
  static func estimate(_ context: EstimateContext) -> StageEstimate {
    estimate(repairingBy: training, views: 1, context)
  }
}

extension AdversarialPruningStage: EstimatedStage {
  /// A step goes through the batch once for each step against the loss, and twice for the masks; the thresholds
  /// are tried in the end.
  static func estimate(_ context: EstimateContext) -> StageEstimate {
    estimate(
      repairingBy: training, passes: context[attackSteps] + 2,
      measured: context[rule] == .fixed ? 1 : ChannelMasks.thresholds.count + 1, context)
  }
}
