import Detection
import Reports

/// What a model takes the samples of an audited set for, held against the labels that they were given.
struct ModelReading {
  /// The stage that made the model.
  let model: String
  /// `[count]`
  let predictions: [Int]
  /// Samples named clean and poisoned, and how many of each the model gives their label.
  let clean: (count: Int, agreeing: Int)
  let poisoned: (count: Int, agreeing: Int)
  /// Of all samples.
  let agreement: Double

  init(model: String, predictions: [Int], labels: [Int], flags: [SampleSplit.Flag]) {
    self.model = model
    self.predictions = predictions
    let agrees = zip(predictions, labels).map { $0 == $1 }
    func counts(_ flag: SampleSplit.Flag) -> (Int, Int) {
      let members = flags.indices.filter { flags[$0] == flag }
      return (members.count, members.count { agrees[$0] })
    }
    clean = counts(.clean)
    poisoned = counts(.poisoned)
    agreement = labels.isEmpty ? 0 : Double(agrees.count { $0 }) / Double(labels.count)
  }

  /// "'repaired' gives 96.1% of the samples named clean their label, and 1.2% of those named poisoned"; nothing where
  /// none is named.
  var text: String? {
    func share(_ part: (count: Int, agreeing: Int)) -> String {
      NumberFormat.percent(Double(part.agreeing) / Double(part.count))
    }
    switch (clean.count > 0, poisoned.count > 0) {
    case (true, true):
      return "'\(model)' gives \(share(clean)) of the samples named clean their label, and \(share(poisoned)) of "
        + "those named poisoned"
    case (true, false): return "'\(model)' gives \(share(clean)) of the samples named clean their label"
    case (false, true): return "'\(model)' gives \(share(poisoned)) of the samples named poisoned their label"
    case (false, false): return nil
    }
  }
}
