import Detection
import HDF5
import Images
import Pipelines
import Reports

/// Reads from artifacts what a report tells.
struct ReportAssembly {
  let sources: ReportSources

  /// - Throws: `ArtifactError` where artifacts do not belong together, `HDF5Error` where one cannot be read.
  func contents(title: String) throws -> ReportContents {
    var contents = ReportContents(title: title, program: "winnow \(programVersion)")
    if let images = sources.images {
      let found = try sources.split.map { try addSamples(images, $0, to: &contents) }
      let set = try found?.images ?? ImageArtifact.read(images)
      if found == nil {
        addFacts(set, to: &contents)
        try addScores(ofSet: images, count: set.count, to: &contents)
      }
      contents.readings = try found.map { try readings(of: $0) } ?? []
      contents.featureMap = try sources.embedding.map { embedding in
        FeatureMapAssembly.featureMap(
          try EmbeddingArtifact(embedding, of: set.count), of: set,
          isPoisoned: try TruthArtifact.read(images)?.isPoisoned, flags: found?.flags)
      }
    }
    contents.detection = try sources.detection?.root.readMetrics() ?? []
    try addModels(to: &contents)
    contents.histories = try sources.models.compactMap(history)
    return contents
  }

  private func addFacts(_ images: ImageSet, to contents: inout ReportContents) {
    contents.facts += [
      ("training set", images.origin),
      ("samples", "\(images.count) of \(images.classCount) classes, \(images.shape) pixels"),
    ]
  }

  private func addSamples(
    _ images: HDF5.File, _ split: HDF5.File, to contents: inout ReportContents
  ) throws -> SampleAssessment {
    let found = try SampleAssessment(images: images, split: split, scores: sources.scores)
    contents.finding = found.finding
    addFacts(found.images, to: &contents)
    contents.classes = found.classCounts
    contents.isPoisoned = found.isPoisoned
    (contents.gallery, contents.galleryLeftOut) = try SampleGallery(found).classes()
    if let isPoisoned = found.isPoisoned {
      contents.facts.append(
        ("known truth", "\(isPoisoned.count { $0 }) of the samples are poisoned, for an experiment"))
    }
    if let scores = found.scores {
      addScores(scores, thresholds: try Self.thresholds(split), isPoisoned: found.isPoisoned, to: &contents)
    }
    return found
  }

  /// Scores that nothing was divided by.
  private func addScores(ofSet images: HDF5.File, count: Int, to contents: inout ReportContents) throws {
    guard let scores = try sources.scores.map(SampleAssessment.Scores.init(of:)) else { return }
    let isPoisoned = try TruthArtifact.read(images)?.isPoisoned
    for case (let name, let found?) in [("scores", scores.values.count), ("truth", isPoisoned?.count)]
    where found != count {
      throw ArtifactError.differentCounts(name, found, "images", count)
    }
    addScores(scores, thresholds: [], isPoisoned: isPoisoned, to: &contents)
  }

  private func addScores(
    _ scores: SampleAssessment.Scores, thresholds: [Histogram.Threshold], isPoisoned: [Bool]?,
    to contents: inout ReportContents
  ) {
    contents.facts.append(("score", scores.summary))
    contents.scores = ReportContents.Scores(values: scores.values, title: scores.title, thresholds: thresholds)
    if let isPoisoned {
      contents.isPoisoned = isPoisoned
      contents.receiverCurve = ReceiverCurve.points(scores: scores.values, isPoisoned: isPoisoned)
        .map { ChartPoint($0.clean, $0.poisoned) }
    }
  }

  /// Of a division of the scores; a verdict has no thresholds on them.
  private static func thresholds(_ split: HDF5.File) throws -> [Histogram.Threshold] {
    guard try !split.root.hasAttribute("verdict") else { return [] }
    return try [
      ("named clean up to", "clean_threshold"), ("named poisoned from", "poisoned_threshold"),
    ].map { title, name in
      let value: Double = try split.root.attribute(name)
      return Histogram.Threshold("\(title) \(NumberFormat.significant(value))", value)
    }
  }

  private func addModels(to contents: inout ReportContents) throws {
    guard !sources.evaluations.isEmpty else { return }
    let found = try sources.evaluations.map { (name: $0.name, evaluation: try EvaluationArtifact($0.file)) }
    contents.models = ResultTable(
      rowTitle: "model", rows: found.map(\.name), metrics: MetricDeclaration.ofModels
    ) { model, _, metric in
      found[model].evaluation.values[metric].map(ResultCell.init)
    }.withoutEmptyMetrics
    contents.classAccuracy = ClassAccuracy(found)?.table
  }

  private func readings(of found: SampleAssessment) throws -> [ReportContents.ModelAgreement] {
    try sources.readings.map { try ModelReading(model: $0.name, evaluation: $0.file, of: found).contents }
  }

  private func history(_ model: ReportSources.Named) throws -> ReportContents.History? {
    guard let group = try model.file.root.groupIfPresent("history") else { return nil }
    let names = try group.names
    let columns = try names.compactMap { name in
      try MetricDeclaration.named(name).map { (metric: $0, values: try group.read(name, as: Double.self)) }
    }
    let places = Dictionary(
      uniqueKeysWithValues: MetricDeclaration.all.enumerated().map { ($1, $0) })
    return ReportContents.History(
      stage: model.name, step: names.contains(MetricDeclaration.unlearnLoss.name) ? "round" : "epoch",
      columns: columns.sorted { places[$0.metric, default: 0] < places[$1.metric, default: 0] })
  }
}
