import Pipelines
import SystemPackage

/// A stage that can tell what it will take.
///
/// What is not said here the store learns: a kind that estimates nothing is expected to take what it took
/// before.
protocol EstimatedStage: Stage {
  static func estimate(_ context: EstimateContext) -> StageEstimate
}

extension EstimatedStage {
  static func facts(ofArtifactAt path: FilePath) -> ArtifactFacts? {
    let facts = ArtifactFacts(ofArtifactAt: path)
    return facts == ArtifactFacts() ? nil : facts
  }

  /// The estimate of a stage that goes through images without a network: its time is in proportion to their
  /// pixels.
  ///
  /// - Parameter seconds: per value of a pixel, on one thread, on a 2-core Zen 4; `nil` where that was not
  ///   measured.
  static func estimate(
    goingThrough images: ArtifactFacts, secondsPerValue seconds: Double? = nil, facts: ArtifactFacts
  ) -> StageEstimate {
    StageEstimate(
      workload: images.values.map {
        Workload(
          unit: "\(declaration.kind), values of images", amount: $0, usesThreads: false,
          assumedSeconds: seconds)
      },
      // What is read and what is written.
      memory: images.values.map { 2 * $0 }, facts: facts)
  }
}
