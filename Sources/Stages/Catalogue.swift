import Pipelines

/// The kinds of stage that manifests may name.
public let catalogue = StageCatalogue([
  LoadStage.self, PoisonStage.self, TriggerStage.self, TrainStage.self, IntraClassStage.self,
  ScoreStage.self, SplitStage.self, RepairStage.self, DetectionStage.self, EvaluateStage.self,
  SummaryStage.self, ContrastStage.self, TrainClassifierStage.self, TableStage.self,
])
