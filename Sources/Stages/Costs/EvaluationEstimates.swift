import Pipelines

extension EvaluateStage: EstimatedStage {
  static func estimate(_ context: EstimateContext) -> StageEstimate {
    let (clean, other) = (context[images], context[triggered])
    return estimate(
      training: context[model].model, trained: 0, seen: clean.images.map { $0 + (other.images ?? 0) },
      batch: 128, images: clean, further: other)
  }
}
