import HDF5
import Pipelines
import Reports

/// Puts what was found into a page to be looked at.
///
/// Output:
///
///     /html   text   the page, a whole HTML file: `winnow show MANIFEST STAGE --text html > report.html`
enum ReportStage: Stage {
  static let images = InputDeclaration(
    "images", .images, .poisonedImages, count: .optional, "The training set.")
  static let scores = InputDeclaration("scores", .scores, count: .optional, "Scores of its samples.")
  static let split = InputDeclaration(
    "split", .split, .verdict, count: .optional, "What its samples are taken for.")
  static let detection = InputDeclaration(
    "detection", .detection, count: .optional, "How well that agrees with the truth.")
  static let embedding = InputDeclaration(
    "embedding", .embedding, count: .optional, "Features of its samples in the plane.")
  static let evaluations = InputDeclaration(
    "evaluations", .evaluation, count: .any, "Measured models, in the order of the table.")
  static let readings = InputDeclaration(
    "readings", .evaluation, count: .any,
    "Models on the training set itself: which of its samples they give their label.")
  static let models = InputDeclaration(
    "models", .model, .encoder, count: .any, "Models, for the history of their training.")

  static let declaration = StageDeclaration(
    kind: "report", version: 5, summary: "Makes a page of what was found, in one HTML file.",
    inputs: [images, scores, split, detection, embedding, evaluations, readings, models], output: .report)

  static func run(_ context: StageContext) throws {
    func named(_ input: InputDeclaration) throws -> [ReportSources.Named] {
      try context.openAll(input).map { ReportSources.Named(name: $0.name, file: $0.file) }
    }
    let sources = ReportSources(
      images: try context.openIfGiven(images), scores: try context.openIfGiven(scores),
      split: try context.openIfGiven(split), detection: try context.openIfGiven(detection),
      embedding: try context.openIfGiven(embedding), evaluations: try named(evaluations),
      readings: try named(readings), models: try named(models))
    let contents = try ReportAssembly(sources: sources).contents(title: "What winnow found")
    let html = ReportPage(contents).html
    try context.output.root.write(
      html, to: "html", attributes: ["meaning": "a page that asks for nothing outside of itself"])
    if let finding = contents.finding { context.note(finding.sentence) }
    context.note("a page of \(NumberFormat.size(Int64(html.utf8.count)))")
  }
}
