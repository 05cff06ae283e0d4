import Pipelines

extension ArtifactType {
  /// Images with labels: see `ImageArtifact`.
  static let images = ArtifactType("images")
  /// Images of which some are poisoned, with the truth about it: see `PoisonStage`.
  static let poisonedImages = ArtifactType("poisoned images")
  /// A copy of a training set with triggers of our own: see `ControlsStage`.
  static let controlledImages = ArtifactType("images with controls")
  /// Test images with the trigger: see `TriggerStage`.
  static let triggeredImages = ArtifactType("triggered images")
  /// Images that were perturbed against a model: see `PerturbedArtifact`.
  static let perturbedImages = ArtifactType("perturbed images")
  /// A network that hides messages in images: see `SteganographyArtifact`.
  static let steganography = ArtifactType("steganography")
  /// A patch that was made for a model: see `PatchArtifact`.
  static let patch = ArtifactType("patch")
  /// A network: see `ModelArtifact`.
  static let model = ArtifactType("model")
  /// A feature extractor: see `EncoderArtifact`.
  static let encoder = ArtifactType("encoder")
  /// A score for every training image: see `ScoresArtifact`.
  static let scores = ArtifactType("scores")
  /// What every training image is taken for: see `SplitStage`.
  static let split = ArtifactType("split")
  /// What a network that has seen no suspects takes every training image for: see `CheckStage`.
  static let check = ArtifactType("check")
  /// Whether the training set is poisoned, and which images are: see `VerdictArtifact`.
  static let verdict = ArtifactType("verdict")
  /// How well a split agrees with the truth: see `DetectionStage`.
  static let detection = ArtifactType("detection")
  /// Features of images in the plane: see `EmbeddingArtifact`.
  static let embedding = ArtifactType("embedding")
  /// How a model does on test images: see `EvaluateStage`.
  static let evaluation = ArtifactType("evaluation")
  /// Figures of several evaluations side by side: see `SummaryStage`.
  static let summary = ArtifactType("summary")
  /// The evaluations of a sweep in one table: see `TableStage`.
  static let table = ArtifactType("table")
  /// A page about what was found: see `ReportStage`.
  static let report = ArtifactType("report")
}
