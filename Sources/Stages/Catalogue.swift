import Pipelines

/// The kinds of stage that manifests may name.
public let catalogue = StageCatalogue([
  LoadStage.self, PoisonStage.self, TriggerStage.self, TrainStage.self, SpreadStage.self,
  ScoreStage.self, SplitStage.self, RepairStage.self, SeparationStage.self, EvaluateStage.self,
  SummaryStage.self, ContrastStage.self, ClassifyStage.self, TableStage.self,
])
