import Detection
import HDF5
import Reports

/// What a model takes the samples of an audited set for, held against the labels that they were given.
struct ModelReading {
  /// The stage that made the model.
  let model: String
  /// `[count]`
  let predictions: [Int]
  /// Of the samples named clean and poisoned.
  let clean: ReportContents.ModelAgreement.Part
  let poisoned: ReportContents.ModelAgreement.Part
  /// Of all samples: the share that the model gives their label.
  let agreement: Double

  /// - Parameters:
  ///   - model: the stage that made the model.
  ///   - evaluation: of the model, on the very set that was assessed.
  /// - Throws: `ArtifactError` where the evaluation is one of other images or classes.
  init(model: String, evaluation: HDF5.File, of found: SampleAssessment) throws {
    let predictions = try evaluation.root.read("predictions", as: Int.self)
    guard predictions.count == found.images.count else {
      throw ArtifactError.differentCounts("predictions", predictions.count, "images", found.images.count)
    }
    guard predictions.allSatisfy(found.images.classNames.indices.contains) else {
      throw ArtifactError.differentClasses(
        model: (predictions.max() ?? 0) + 1, images: found.images.classNames.count)
    }
    self.init(model: model, predictions: predictions, labels: found.images.labels, flags: found.flags)
  }

  init(model: String, predictions: [Int], labels: [Int], flags: [SampleSplit.Flag]) {
    self.model = model
    self.predictions = predictions
    let agrees = zip(predictions, labels).map { $0 == $1 }
    func part(_ flag: SampleSplit.Flag) -> ReportContents.ModelAgreement.Part {
      let members = flags.indices.filter { flags[$0] == flag }
      return ReportContents.ModelAgreement.Part(count: members.count, agreeing: members.count { agrees[$0] })
    }
    clean = part(.clean)
    poisoned = part(.poisoned)
    agreement = labels.isEmpty ? 0 : Double(agrees.count { $0 }) / Double(labels.count)
  }

  /// For a report.
  var contents: ReportContents.ModelAgreement {
    ReportContents.ModelAgreement(model: model, clean: clean, poisoned: poisoned)
  }

  /// "'repaired' gives 96.1% of the samples named clean their label, and 1.2% of those named poisoned"; nothing where
  /// none is named.
  var text: String? {
    switch (clean.count > 0, poisoned.count > 0) {
    case (true, true):
      return "'\(model)' gives \(clean.share) of the samples named clean their label, and \(poisoned.share) of "
        + "those named poisoned"
    case (true, false): return "'\(model)' gives \(clean.share) of the samples named clean their label"
    case (false, true): return "'\(model)' gives \(poisoned.share) of the samples named poisoned their label"
    case (false, false): return nil
    }
  }
}
