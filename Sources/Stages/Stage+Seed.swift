import Compute
import Pipelines

extension Stage {
  /// The seed of a stage's random numbers: that of its parameter, mixed with the kind of stage, so that an
  /// extractor and the classifier on it, or a model and its repair, do not see the same crops.
  ///
  /// - Parameter stream: tells stages of one kind apart that are to be independent.
  static func seed(
    _ parameter: Parameter<Int>, in context: StageContext, stream: Int = 0
  ) -> UInt64 {
    RandomPurpose(named: "\(declaration.kind) \(stream)").seed(context[parameter])
  }
}
