import HDF5
import Images
import Networks
import Pipelines
import Reports

/// Measures a model on test images, and on triggered ones where there are any.
///
/// Output:
///
///     /metrics/NAME       float64 scalars, see `MetricDeclaration.ofModels`, each with its definition
///     /class_counts       int64 [classes]   test images of each class
///     /class_correct      int64 [classes]   those classified right
///     /predictions        int64 [count]     what each test image is taken for
///     /triggered_predictions  int64 [count]
enum EvaluateStage: Stage {
  static let model = InputDeclaration("model", .model, count: .one, "The model.")
  static let images = InputDeclaration("images", .images, count: .one, "Clean test images.")
  static let triggered = InputDeclaration(
    "triggered", .triggeredImages, count: .optional, "The same test images with the trigger.")

  static let declaration = StageDeclaration(
    kind: "evaluate", version: 3, summary: "Measures a model: ACC, ASR, R-ACC, per-class accuracy.",
    inputs: [model, images, triggered], output: .evaluation)

  private static let batch = 128

  static func run(_ context: StageContext) throws {
    let model = try ModelArtifact.read(
      context.open(model), capacity: batch, context: ExecutionContext(pool: context.pool))
    guard let sets = try TestSets(images: images, triggered: triggered, of: context, model: model)
    else { preconditionFailure("no stage runs without its input 'images'") }
    let (clean, triggered) = try sets.predictions(of: model.network) { done in
      context.report(StageProgress(done: done, total: sets.count, label: "images"))
      if context.shouldStop { throw StageInterrupted() }
    }
    let metrics = ModelMetrics(
      clean: clean, triggered: triggered, classCount: sets.classNames.count)
    let root = try context.output.root
    try root.writeMetrics(metrics.values)
    try writeClasses(metrics, names: sets.classNames, to: root)
    try root.write(
      clean.predictions, to: "predictions",
      attributes: ["axes": "image", "meaning": "the class that each test image is taken for"])
    if let triggered {
      try root.write(
        triggered.predictions, to: "triggered_predictions",
        attributes: ["axes": "image", "meaning": "the class that each triggered image is taken for"])
    }
    if let target = triggered?.target { try root.setAttribute("target_class", to: .integer(target)) }
    describe(metrics, classNames: sets.classNames, context)
  }

  private static func writeClasses(
    _ metrics: ModelMetrics, names: [String], to root: HDF5.Group
  ) throws {
    let axes: [String: AttributeValue] = ["axes": "class", "class_names": .strings(names)]
    try root.write(metrics.classSizes, to: "class_counts", attributes: axes)
    try root.write(metrics.classCorrect, to: "class_correct", attributes: axes)
  }

  private static func describe(
    _ metrics: ModelMetrics, classNames: [String], _ context: StageContext
  ) {
    context.note(metrics.values.text)
    guard classNames.count <= 20 else { return }
    let shares = zip(metrics.classCorrect, metrics.classSizes).map {
      NumberFormat.percent($1 == 0 ? .nan : Double($0) / Double($1))
    }
    context.note(
      "per class: " + zip(classNames, shares).map { "\($0) \($1)" }.joined(separator: ", "))
  }
}
