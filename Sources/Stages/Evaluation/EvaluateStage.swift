import HDF5
import Images
import Networks
import Pipelines

/// Measures a model on test images, and on triggered ones where there are any.
///
/// Output:
///
///     /metrics/NAME       float64 scalars, shares from 0 to 1, each with its definition
///     /class_counts       int64 [classes]   test images of each class
///     /class_correct      int64 [classes]   those classified right
///     /predictions        int64 [count]     what each test image is taken for
///     /triggered_predictions  int64 [count]
enum EvaluateStage: Stage {
  static let model = InputDeclaration("model", .model, count: .one, "The model.")
  static let images = InputDeclaration("images", .images, count: .one, "Clean test images.")
  static let triggered = InputDeclaration(
    "triggered", .triggeredImages, count: .optional, "The test images with the trigger.")

  static let declaration = StageDeclaration(
    kind: "evaluate", version: 2, summary: "Measures a model: ACC, ASR, R-ACC, per-class accuracy.",
    inputs: [model, images, triggered], output: .evaluation)

  private static let batch = 128

  static func run(_ context: StageContext) throws {
    let model = try ModelArtifact.read(
      context.open(model), capacity: batch, context: ExecutionContext(pool: context.pool))
    let test = try model.assembler(for: ImageArtifact.read(context.open(images)))
    let triggered = try context.openIfGiven(triggered).map { file in
      let artifact = try TriggeredArtifact(file)
      return (artifact, try model.assembler(for: artifact.images))
    }
    let total = test.images.count + (triggered?.0.images.count ?? 0)
    var done = 0
    let metrics = try ModelMetrics.measure(model.network, test: test, triggered: triggered) { range in
      done += range.count
      context.report(StageProgress(done: done, total: total, label: "images"))
      if context.shouldStop { throw StageInterrupted() }
    }
    try write(metrics, classNames: test.images.classNames, to: context.output)
    describe(metrics, classNames: test.images.classNames, context)
  }

  private static func write(
    _ metrics: ModelMetrics, classNames: [String], to file: HDF5.File
  ) throws {
    let group = try file.root.createGroup(
      EvaluationArtifact.metrics, attributes: ["unit": "share from 0 to 1"])
    for (name, value) in metrics.named {
      try group.write(
        value, to: name, attributes: ["definition": .string(definitions[name] ?? name)])
    }
    let axes: [String: AttributeValue] = ["axes": "class", "class_names": .strings(classNames)]
    try file.root.write(metrics.classSizes, to: "class_counts", attributes: axes)
    try file.root.write(metrics.classCorrect, to: "class_correct", attributes: axes)
    try file.root.write(
      metrics.predictions, to: "predictions",
      attributes: ["axes": "image", "meaning": "the class that each test image is taken for"])
    if let attack = metrics.attack {
      try file.root.write(
        attack.predictions, to: "triggered_predictions",
        attributes: ["axes": "image", "meaning": "the class that each triggered image is taken for"])
      try file.root.setAttribute("target_class", to: .integer(attack.target))
    }
  }

  private static let definitions = [
    "test_accuracy": "ACC: share of all clean test images that are classified right",
    "test_accuracy_without_target":
      "ACC as published: the same without the images of the target class (all2one)",
    "test_target_class": "accuracy on clean test images of the target class",
    "attack_success_rate": "ASR: share of triggered images that are classified as the attacker wants",
    "attack_success_floor":
      "share of the same images, without trigger, that are classified so anyway: no ASR is lower by skill",
    "robust_accuracy": "R-ACC: share of triggered images that are classified right",
  ]

  private static func describe(
    _ metrics: ModelMetrics, classNames: [String], _ context: StageContext
  ) {
    var line = "ACC \(Text.percent(metrics.accuracy))"
    if let attack = metrics.attack {
      line += " (without target class \(Text.percent(attack.accuracyWithoutTarget))"
      line += attack.targetAccuracy.map { ", target class \(Text.percent($0)))" } ?? ")"
      line +=
        ", ASR \(Text.percent(attack.successRate)) (floor \(Text.percent(attack.floor))), R-ACC "
        + Text.percent(attack.robustAccuracy)
    }
    context.note(line)
    let shares = zip(metrics.classCorrect, metrics.classSizes).map {
      $1 == 0 ? "–" : Text.percent(Double($0) / Double($1))
    }
    if classNames.count <= 20 {
      context.note(
        "per class: " + zip(classNames, shares).map { "\($0) \($1)" }.joined(separator: ", "))
    }
  }
}

/// What `EvaluateStage` wrote.
struct EvaluationArtifact {
  static let metrics = "metrics"

  let metrics: [String: Double]
  let classNames: [String]
  let classCounts: [Int]
  let classCorrect: [Int]

  init(_ file: HDF5.File) throws {
    let group = try file.root.group(Self.metrics)
    var metrics: [String: Double] = [:]
    for name in try group.names { metrics[name] = try group.readScalar(name) }
    self.metrics = metrics
    let counts = try file.root.dataset("class_counts")
    classCounts = try counts.read()
    classNames = try counts.attribute("class_names")
    classCorrect = try file.root.read("class_correct")
  }
}
