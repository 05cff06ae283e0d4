import Images
import Networks
import Pipelines
import Reports

/// A kind of stage that scores every training image by how suspect it is.
///
/// A new score is one file, with a type that computes `scores`, and one line in the catalogue: `split`
/// and all that follows take the scores of any kind.
protocol ScoreStage: Stage {
  /// Reads the inputs and computes the scores, `[count]`.
  ///
  /// - Throws: whatever goes wrong, and `StageInterrupted` when the user asked to stop.
  static func scores(_ context: StageContext) throws -> ScoresArtifact
}

extension ScoreStage {
  static func run(_ context: StageContext) throws {
    let scores = try scores(context)
    try scores.write(to: context.output)
    let ordered = scores.values.sorted()
    if ordered.isEmpty { return }
    func quantile(_ share: Double) -> String {
      NumberFormat.significant(ordered[Int(share * Double(ordered.count - 1))])
    }
    context.note(
      "scores: median \(quantile(0.5)), 95th percentile \(quantile(0.95)), largest \(quantile(1)); "
        + "\(NumberFormat.percent(scores.zeroShare)) are exactly zero")
  }
}

/// The inputs of scores that look at the images through a model.
enum ScoreInputs {
  static let images = InputDeclaration(
    "images", .images, .poisonedImages, count: .one, "The training set.")
  static let model = InputDeclaration("model", .model, count: .one, "A briefly trained model.")

  private static let batch = 128

  /// - Throws: `ArtifactError` when a file does not hold what it should.
  static func read(_ context: StageContext) throws -> (images: ImageSet, model: ModelArtifact) {
    let images = try ImageArtifact.read(context.open(images))
    let model = try ModelArtifact.read(
      context.open(model), capacity: batch, context: ExecutionContext(pool: context.pool))
    return (images, model)
  }
}

extension StageContext {
  /// Tells how far the stage has come, and stops it when the user asked for that.
  ///
  /// - Throws: `StageInterrupted`.
  func step(_ done: Int, of total: Int, _ label: String) throws {
    report(StageProgress(done: done, total: total, label: label))
    if shouldStop { throw StageInterrupted() }
  }
}
