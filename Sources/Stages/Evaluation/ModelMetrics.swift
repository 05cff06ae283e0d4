import Reports

/// How a model does on test images, from what it takes them for.
package struct ModelMetrics {
  /// Clean test images.
  package struct Clean {
    /// The true classes, and those that the model predicts, `[count]`.
    package let labels: [Int]
    package let predictions: [Int]

    package init(labels: [Int], predictions: [Int]) {
      self.labels = labels
      self.predictions = predictions
    }
  }

  /// Some of the same images with the trigger on them.
  package struct Triggered {
    /// The true classes, those that the attacker wants, and those that the model predicts, `[count]`.
    package let labels: [Int]
    package let attackerLabels: [Int]
    package let predictions: [Int]
    /// The index of each image among the clean ones, `[count]`.
    package let originalIndices: [Int]
    /// The class that all triggered images are to be taken for, where there is one.
    package let target: Int?

    package init(
      labels: [Int], attackerLabels: [Int], predictions: [Int], originalIndices: [Int], target: Int?
    ) {
      self.labels = labels
      self.attackerLabels = attackerLabels
      self.predictions = predictions
      self.originalIndices = originalIndices
      self.target = target
    }
  }

  /// Those that could be measured: a share of no images is left out.
  package let values: [MetricValue]
  /// Clean test images of each class, and how many of them are classified right, `[classes]`.
  package let classSizes: [Int]
  package let classCorrect: [Int]

  package init(clean: Clean, triggered: Triggered?, classCount: Int) {
    var sizes = [Int](repeating: 0, count: classCount)
    var correct = sizes
    for (label, prediction) in zip(clean.labels, clean.predictions) {
      sizes[label] += 1
      if prediction == label { correct[label] += 1 }
    }
    (classSizes, classCorrect) = (sizes, correct)
    let target = triggered.flatMap(\.target)
    let images = correct.reduce(0, +)
    let all = [MetricValue(.accuracy, Self.share(images, of: clean.labels.count))]
    guard let triggered else {
      values = all.compactMap(\.self)
      return
    }
    let (rightOfTarget, sizeOfTarget) = target.map { (correct[$0], sizes[$0]) } ?? (0, 0)
    func share(where isHit: (Int) -> Bool) -> Double? {
      Self.share(triggered.labels.indices.count(where: isHit), of: triggered.labels.count)
    }
    values = (all + [
      MetricValue(
        .accuracyWithoutTarget,
        Self.share(images - rightOfTarget, of: clean.labels.count - sizeOfTarget)),
      MetricValue(.targetAccuracy, Self.share(rightOfTarget, of: sizeOfTarget)),
      MetricValue(.attackSuccess, share { triggered.predictions[$0] == triggered.attackerLabels[$0] }),
      MetricValue(
        .attackSuccessFloor,
        share {
          clean.predictions[triggered.originalIndices[$0]] == triggered.attackerLabels[$0]
        }),
      MetricValue(.robustAccuracy, share { triggered.predictions[$0] == triggered.labels[$0] }),
    ]).compactMap(\.self)
  }

  private static func share(_ part: Int, of whole: Int) -> Double? {
    whole == 0 ? nil : Double(part) / Double(whole)
  }
}
