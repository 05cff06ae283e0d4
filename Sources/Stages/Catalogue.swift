import Pipelines

/// The kinds of stage that manifests may name, in the order of `winnow stages`.
package let catalogue = StageCatalogue([
  // Data.
  LoadStage.self,
  PoisonStage.self,
  TriggerStage.self,
  PerturbStage.self,
  InvertStage.self,
  SteganographyStage.self,
  CleanSampleStage.self,
  DegradeStage.self,
  // Networks for the scores.
  TrainStage.self,
  ImportStage.self,
  IntraClassStage.self,
  // Scores, and the split that any of them leads to.
  FeatureConsistencyStage.self,
  SpectralSignaturesStage.self,
  ActivationClusteringStage.self,
  SymmetricCrossEntropyStage.self,
  LowLossStage.self,
  SplitStage.self,
  // Whether there is poison, and all of it.
  LabelFitStage.self,
  ConfusionStage.self,
  CheckStage.self,
  PatternStage.self,
  ContradictionStage.self,
  RecognitionStage.self,
  VerdictStage.self,
  JointVerdictStage.self,
  ControlsStage.self,
  PowerStage.self,
  FindingsStage.self,
  // What is done about it.
  RepairStage.self,
  ContrastStage.self,
  TrainClassifierStage.self,
  SemiSupervisedStage.self,
  // Repairs from a few clean images.
  FineTuneStage.self,
  FinePruningStage.self,
  AdversarialPruningStage.self,
  AttentionDistillationStage.self,
  ModeConnectivityStage.self,
  // Evaluation.
  DetectionStage.self,
  TSNEStage.self,
  EvaluateStage.self,
  SummaryStage.self,
  TableStage.self,
  ReportStage.self,
])
