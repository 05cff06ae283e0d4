import Pipelines

extension EvaluateStage: EstimatedStage {
  static func estimate(_ context: EstimateContext) -> StageEstimate {
    let (clean, other) = (context[images], context[triggered])
    return estimate(
      training: context[model].model, trained: 0, seen: clean.images.map { $0 + (other.images ?? 0) },
      batch: 128, images: clean, further: other)
  }
}

extension TSNEStage: EstimatedStage {
  static func estimate(_ context: EstimateContext) -> StageEstimate {
    let set = context[ScoreInputs.images]
    // Two points an image, and every pair of them in every step.
    let pairs = set.images.map { count in
      let points = 2 * min(count, Double(context[samples]))
      return points * points
    }
    return StageEstimate(
      workload: pairs.map {
        Workload(
          unit: "pairs of points, t-SNE steps", amount: $0 * Double(steps), usesThreads: true, assumedSeconds: 1e-9)
      },
      // The set, and what there is of every pair.
      memory: set.values.flatMap { values in pairs.map { values + 24 * $0 } }, facts: set)
  }
}
