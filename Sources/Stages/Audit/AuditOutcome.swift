import Detection
import Foundation
import HDF5
import Images
import Pipelines
import Reports
import SystemPackage

/// What an audit found, from the artifacts that it left: in words, and as files that other tools read.
package struct AuditOutcome {
  private let settings: AuditSettings
  private let found: SampleAssessment
  private let records: (received: ArtifactRecord, judge: ArtifactRecord)
  /// Of the model that was given, where one was.
  private let ownModelDigest: String?
  private let warnings: [String]
  private let build: String
  /// Of the model before the repair, after it, and of the one trained anew, where there are any.
  private let suspectedReading: ModelReading?
  private let repairedReading: ModelReading?
  private let retrainedReading: ModelReading?
  /// What the stage `report` has made.
  private let page: String

  /// - Throws: `PipelineError` when the pipeline was not run to its end.
  package init(_ settings: AuditSettings, of pipeline: Pipeline, in store: ArtifactStore) throws {
    func record(_ stage: String) throws -> ArtifactRecord {
      guard let record = try store.publishedRecord(pipeline: pipeline.name, stage: stage) else {
        throw PipelineError.notBuilt(
          stage: stage, pipeline: pipeline.name, built: try store.builtStages(of: pipeline.name))
      }
      guard try store.condition(of: record) == .whole else { throw PipelineError.damaged(count: 1) }
      return record
    }
    func open(_ record: ArtifactRecord) throws -> HDF5.File {
      try HDF5.File.open(at: store.path(of: record.fileHash))
    }
    let (received, judge) = (try record("received"), try record(AuditManifest(settings).judge))
    self.settings = settings
    ownModelDigest = try settings.model.map { _ in try record("own_model").contentDigest.text }
    records = (received, judge)
    let found = try SampleAssessment(images: open(received), split: open(judge), scores: nil)
    self.found = found
    let manifest = AuditManifest(settings)
    func reading(_ labelling: AuditManifest.Labelling?) throws -> ModelReading? {
      guard let labelling else { return nil }
      return try ModelReading(model: labelling.model, evaluation: open(record(labelling.stage)), of: found)
    }
    suspectedReading = try reading(manifest.suspectedLabels)
    repairedReading = try reading(manifest.repairedLabels)
    retrainedReading = try reading(manifest.retrainedLabels)
    page = try open(record("report")).root.readString("html")
    build = ProgramBuild.running(store.cache).text
    warnings = try pipeline.stages.flatMap { stage in
      try record(stage.name).notes.filter(\.isWarning).map { "\(stage.name): \($0.text)" }
    }
  }

  package var finding: Finding { found.finding }

  /// The verdict, what it rests on, which samples of which class, what became of models, and what to look at.
  package var lines: [String] {
    // Names are those of folders, which somebody else has chosen.
    ([finding.sentence + "."] + finding.details.map { $0 + "." }
      + (shownClasses.isEmpty ? [] : classLines) + modelLines + warnings.map { "warning: \($0)" }).map(\.printable)
  }

  private var modelLines: [String] {
    var lines: [String] = []
    if finding.named == 0 {
      let reason = "no sample is named poisoned, so there is nothing to unlearn: "
      if repairedReading != nil { lines.append(reason + "'repaired' is the model as it was.") }
      if retrainedReading != nil { lines.append(reason + "'retrained' has learned the set as it is.") }
    }
    lines += readings.compactMap(\.text).map { $0 + "." }
    if let misreadModel { lines.append("warning: " + misreadModel) }
    return lines
  }

  private var readings: [ModelReading] {
    [suspectedReading, repairedReading, retrainedReading].compactMap { $0 }
  }

  /// A model that knows fewer of the labels was hardly trained on them, or is not read as it was meant.
  private static let leastAgreement = 0.5

  private var misreadModel: String? {
    guard let model = settings.model, let reading = suspectedReading, reading.agreement < Self.leastAgreement
    else { return nil }
    let share = NumberFormat.percent(reading.agreement)
    let choices =
      model.otherStems.map { "own_model.stem=\($0)" }
      + (model.hasConstants ? [] : ["own_model.normalization=imagenet"])
    let hint = choices.isEmpty ? "" : " Its file does not say all of it; try \(choices.joined(separator: ", or "))"
    return """
      '\(model.path)' gives only \(share) of the samples their label: was it trained on this set, with its classes in \
      this order?\(hint)
      """
  }

  private var classLines: [String] {
    AlignedText.lines(
      [["class", "samples", "named poisoned"]]
        + shownClasses.map { [$0.name, "\($0.clean + $0.uncertain + $0.poisoned)", "\($0.poisoned)"] },
      sides: [.left, .right])
      + (hiddenClasses > 0 ? ["and \(hiddenClasses) \(hiddenClasses == 1 ? "class" : "classes") with fewer or none"] : [])
  }

  private static let mostClasses = 20

  /// Those with the most suspects.
  private var shownClasses: ArraySlice<ReportContents.ClassCounts> {
    found.classCounts.filter { $0.poisoned > 0 }
      .sorted { ($1.poisoned, $0.name) < ($0.poisoned, $1.name) }.prefix(Self.mostClasses)
  }

  private var hiddenClasses: Int { found.images.classCount - shownClasses.count }
}

// MARK: - Files

extension AuditOutcome {
  /// The page, with what no stage knows: of what set it is, and what was warned of.
  package var html: String {
    let overrides = settings.overrides.isEmpty ? "" : ", with " + settings.overrides.joined(separator: " ")
    let classes = settings.classes.isEmpty ? "" : ", of which the classes \(settings.classes.joined(separator: ", "))"
    return ReportPage.adding(
      subject: "An audit of '\(settings.path)'\(classes)\(overrides).",
      warnings: (misreadModel.map { [$0] } ?? []) + warnings, to: page)
  }

  /// What is not named clean: those named poisoned first, the most suspicious before others. The last columns have
  /// the class that each model takes a sample for that the audit made.
  package var suspectsCSV: String {
    let scores = found.scores?.values
    let made = [repairedReading, retrainedReading].compactMap { $0 }
    let uncertain = found.flags.indices.filter { found.flags[$0] == .uncertain }.sorted {
      (scores?[$1] ?? 0, $0) < (scores?[$0] ?? 0, $1)
    }
    let rows = (found.suspects + uncertain).enumerated().map { rank, index -> [String] in
      let sample = [
        found.names?[index] ?? "", "\(found.place(of: index))", found.images.classNames[found.images.labels[index]],
        scores.map { ChartNumbers.text($0[index]) } ?? "", "\(rank + 1)",
        found.flags[index] == .poisoned ? "poisoned" : "uncertain",
      ]
      return sample + made.map { found.images.classNames[$0.predictions[index]] }
    }
    let header = ["path", "index", "label", "score", "rank", "set"] + made.map { "\($0.model)_model_label" }
    return CSVText.text([header] + rows)
  }

  /// A line for each sample named clean: its place in the set, for `torch.utils.data.Subset`.
  package var cleanIndices: String {
    found.flags.indices.filter { found.flags[$0] == .clean }.map { "\(found.place(of: $0))\n" }.joined()
  }

  /// Which files a folder of the clean part would hold.
  ///
  /// - Throws: `QuarantineError` where the samples are no files of their own.
  package func quarantine(from folder: FilePath, to target: FilePath) throws -> Quarantine {
    guard let names = found.names else { throw QuarantineError.noFiles }
    return try Quarantine(
      names: found.flags.indices.filter { found.flags[$0] == .clean }.map { names[$0] }, of: names.count,
      source: folder, target: target)
  }

  /// What somebody who trains on the clean part has to know of it.
  package var cautions: [String] {
    let missing = found.classCounts.filter { $0.clean == 0 && $0.uncertain + $0.poisoned > 0 }.map(\.name)
    return (missing.isEmpty
      ? []
      : [
        "no sample of \(missing.map { "'\($0)'" }.listed(more: "more classes").printable) is in it: a folder of the "
          + "rest gives the classes other numbers"
      ])
      + (finding.state == .inconclusive
        ? ["the verdict is inconclusive, so that samples in it may be poisoned"] : [])
  }

  package var verdict: AuditVerdict {
    AuditVerdict(
      format: AuditVerdict.currentFormat, verdict: finding.state.rawValue, sentence: finding.sentence,
      samples: finding.total, named: finding.named,
      classes: found.classCounts.map {
        AuditVerdict.ClassCounts(name: $0.name, clean: $0.clean, uncertain: $0.uncertain, poisoned: $0.poisoned)
      },
      controls: finding.controls.isEmpty
        ? nil
        : finding.controls.map {
          AuditVerdict.Control(
            name: $0.name, share: $0.share, planted: $0.planted, named: $0.named, found: $0.isFound,
            placebos: $0.placebos, placebosNamed: $0.placebosNamed)
        },
      models: models.isEmpty ? nil : models,
      settings: AuditVerdict.Settings(
        effort: settings.effort.rawValue, repair: settings.repairs, retrain: settings.retrains ? true : nil,
        model: ownModelDigest, classes: settings.classes.isEmpty ? nil : settings.classes,
        overrides: settings.overrides),
      data: AuditVerdict.DataSet(
        path: settings.path, origin: found.images.origin, sha256: records.received.contentDigest.text),
      result: records.judge.contentDigest.text, program: "winnow \(programVersion)", build: build,
      warnings: (misreadModel.map { [$0] } ?? []) + warnings)
  }

  private var models: [AuditVerdict.Model] {
    readings.map {
      AuditVerdict.Model(
        stage: $0.model, clean: $0.clean.count, cleanAgreeing: $0.clean.agreeing, poisoned: $0.poisoned.count,
        poisonedAgreeing: $0.poisoned.agreeing)
    }
  }
}
