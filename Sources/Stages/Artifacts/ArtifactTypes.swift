import Pipelines

extension ArtifactType {
  /// Images with labels: see `ImageArtifact`.
  static let images = ArtifactType("images")
  /// Images of which some are poisoned, with the truth about it: see `PoisonStage`.
  static let poisonedImages = ArtifactType("poisoned images")
  /// Test images with the trigger: see `TriggerStage`.
  static let triggeredImages = ArtifactType("triggered images")
  /// A network: see `ModelArtifact`.
  static let model = ArtifactType("model")
  /// A feature extractor: see `EncoderArtifact`.
  static let encoder = ArtifactType("encoder")
  /// A score for every training image: see `ScoresArtifact`.
  static let scores = ArtifactType("scores")
  /// What every training image is taken for: see `SplitStage`.
  static let split = ArtifactType("split")
  /// How well a split agrees with the truth: see `DetectionStage`.
  static let detection = ArtifactType("detection")
  /// How a model does on test images: see `EvaluateStage`.
  static let evaluation = ArtifactType("evaluation")
  /// Figures of several evaluations side by side: see `SummaryStage`.
  static let summary = ArtifactType("summary")
  /// The evaluations of a sweep in one table: see `TableStage`.
  static let table = ArtifactType("table")
  /// A page about what was found: see `ReportStage`.
  static let report = ArtifactType("report")
}
