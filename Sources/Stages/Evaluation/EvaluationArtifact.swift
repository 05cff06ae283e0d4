import HDF5
import Reports

/// What `EvaluateStage` wrote.
struct EvaluationArtifact {
  let values: [MetricValue]
  let classNames: [String]
  /// Test images of each class, and those of them that are classified right, `[classes]`.
  let classCounts: [Int]
  let classCorrect: [Int]

  init(_ file: HDF5.File) throws {
    values = try file.root.readMetrics()
    let counts = try file.root.dataset("class_counts")
    classCounts = try counts.read()
    classNames = try counts.attribute("class_names")
    classCorrect = try file.root.read("class_correct")
  }
}
