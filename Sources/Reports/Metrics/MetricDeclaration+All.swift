extension MetricDeclaration {
  /// Every metric, in the order in which tables show them: a new one is declared below and named here.
  package static let all: [MetricDeclaration] = ofModels + ofDetection + ofTraining + ofComparisons

  /// How a model does on test images, with and without a trigger.
  package static let ofModels: [MetricDeclaration] = [
    accuracy, accuracyWithoutTarget, targetAccuracy, attackSuccess, attackSuccessFloor, robustAccuracy,
    classAccuracy,
  ]

  /// How well scores and a split found the poisoned samples.
  package static let ofDetection: [MetricDeclaration] = [
    areaUnderCurve, cleanPrecision, cleanRecall, poisonedPrecision, poisonedRecall, falsePositiveRate,
    calledPoisoned, calledInconclusive, namedCount, poisonedCount,
  ]

  /// What is recorded of every epoch of a training.
  package static let ofTraining: [MetricDeclaration] = [
    trainingLoss, trainingAccuracy, confusionLoss, intraClassLoss, contrastiveLoss, classifierLoss, classifierAccuracy,
    classifierPoisonedLoss, relearnLoss, relearnAccuracy, unlearnLoss, unlearnAccuracy, learningRate,
    unlearnLearningRate, relearnLearningRate,
  ]
}

// MARK: - Models

extension MetricDeclaration {
  package static let accuracy = MetricDeclaration(
    "test_accuracy", title: "ACC", unit: .share, better: .higher,
    "share of all clean test images that are classified right")

  package static let accuracyWithoutTarget = MetricDeclaration(
    "test_accuracy_without_target", title: "ACC without target class", heading: "ACC w/o target",
    unit: .share, better: .higher,
    """
    ACC without the test images of the target class, as the published code of D-BR measures it (the paper says: \
    clean test samples); the same as ACC where an attack has no single target class
    """)

  package static let targetAccuracy = MetricDeclaration(
    "test_target_accuracy", title: "target class", unit: .share, better: .higher,
    "share of the clean test images of the target class that are classified right")

  package static let attackSuccess = MetricDeclaration(
    "attack_success_rate", title: "ASR", unit: .share, better: .lower,
    "share of triggered test images that are classified as the attacker wants")

  package static let attackSuccessFloor = MetricDeclaration(
    "attack_success_floor", title: "ASR floor", unit: .share, better: .neither,
    """
    share of the same test images, without the trigger, that are classified as the attacker wants all the \
    same: an ASR near it is no success of the trigger
    """)

  package static let robustAccuracy = MetricDeclaration(
    "robust_accuracy", title: "R-ACC", unit: .share, better: .higher,
    "share of triggered test images that are classified right, in spite of the trigger")

  package static let classAccuracy = MetricDeclaration(
    "class_accuracy", title: "accuracy", unit: .share, better: .higher,
    "share of the clean test images of a class that are classified right")
}

// MARK: - Detection

extension MetricDeclaration {
  package static let areaUnderCurve = MetricDeclaration(
    "auroc", title: "AUROC", unit: .share, better: .higher,
    "probability that a poisoned sample scores above a clean one; ties count half")

  package static let cleanPrecision = MetricDeclaration(
    "clean_precision", title: "precision of the clean set", heading: "clean precision", unit: .share,
    better: .higher, "share of the samples named clean that are clean")

  package static let cleanRecall = MetricDeclaration(
    "clean_recall", title: "recall of the clean set", heading: "clean recall", unit: .share,
    better: .higher, "share of all clean samples that are named clean")

  package static let poisonedPrecision = MetricDeclaration(
    "poisoned_precision", title: "precision of the poisoned set", heading: "poisoned precision",
    unit: .share, better: .higher, "share of the samples named poisoned that are poisoned")

  package static let poisonedRecall = MetricDeclaration(
    "poisoned_recall", title: "recall of the poisoned set", heading: "poisoned recall", unit: .share,
    better: .higher, "share of all poisoned samples that are named poisoned")

  package static let falsePositiveRate = MetricDeclaration(
    "false_positive_rate", title: "false-positive rate", heading: "FPR", unit: .share, better: .lower,
    "share of all clean samples that are named poisoned")

  package static let calledPoisoned = MetricDeclaration(
    "called_poisoned", title: "verdict poisoned", unit: .share, better: .neither,
    "1 where the verdict on the set is that it is poisoned, otherwise 0; over several sets, their share")

  package static let calledInconclusive = MetricDeclaration(
    "called_inconclusive", title: "verdict inconclusive", heading: "inconclusive", unit: .share,
    better: .lower,
    "1 where the verdict on the set is inconclusive, otherwise 0; over several sets, their share")

  package static let namedCount = MetricDeclaration(
    "named_count", title: "samples named poisoned", heading: "named", unit: .count, better: .neither,
    "how many samples the verdict names poisoned")

  package static let poisonedCount = MetricDeclaration(
    "poisoned_count", title: "poisoned samples", heading: "poisoned", unit: .count, better: .neither,
    "how many samples are poisoned")
}

// MARK: - Training

extension MetricDeclaration {
  package static let trainingLoss = loss("training", "the training images")
  package static let trainingAccuracy = accuracy("training", "the training images")

  package static let confusionLoss = MetricDeclaration(
    "confusion_loss", title: "loss of random labels", unit: .number, better: .lower,
    "mean cross-entropy of the base's images against random labels; guessing has ln(classes)")

  package static let intraClassLoss = MetricDeclaration(
    "intra_class_loss", title: "intra-class loss", unit: .number, better: .lower,
    "mean intra-class loss of the epoch's batches")

  package static let contrastiveLoss = MetricDeclaration(
    "contrastive_loss", title: "contrastive loss", unit: .number, better: .lower,
    "mean contrastive loss of the epoch's samples")

  package static let classifierLoss = loss("classifier", "the images that the classifier learns")
  package static let classifierAccuracy = accuracy("classifier", "the images that the classifier learns")
  package static let classifierPoisonedLoss = MetricDeclaration(
    "classifier_poisoned_loss", title: "classifier's loss on the poisoned", unit: .number,
    better: .higher, "mean cross-entropy of the images named poisoned, which are unlearned")

  package static let relearnLoss = loss("relearn", "the images named clean")
  package static let relearnAccuracy = accuracy("relearn", "the images named clean")

  package static let unlearnLoss = MetricDeclaration(
    "unlearn_loss", title: "unlearn loss", unit: .number, better: .higher,
    "mean cross-entropy of the images named poisoned during the epoch, which are unlearned")
  package static let unlearnAccuracy = MetricDeclaration(
    "unlearn_accuracy", title: "unlearn accuracy", unit: .share, better: .lower,
    "share of the images named poisoned that were classified as labelled during the epoch")

  package static let learningRate = rate("learning_rate", "learning rate", "the epoch's last step")
  package static let unlearnLearningRate = rate(
    "unlearn_learning_rate", "unlearn learning rate", "the epoch's last step of unlearning")
  package static let relearnLearningRate = rate(
    "relearn_learning_rate", "relearn learning rate", "the epoch's last step of relearning")

  static func loss(_ part: String, _ samples: String) -> MetricDeclaration {
    MetricDeclaration(
      "\(part)_loss", title: "\(part) loss", unit: .number, better: .lower,
      "mean cross-entropy of \(samples) during the epoch")
  }

  static func accuracy(_ part: String, _ samples: String) -> MetricDeclaration {
    MetricDeclaration(
      "\(part)_accuracy", title: "\(part) accuracy", unit: .share, better: .higher,
      "share of \(samples) that were classified as labelled during the epoch")
  }

  private static func rate(_ name: String, _ title: String, _ step: String) -> MetricDeclaration {
    MetricDeclaration(
      name, title: title, unit: .number, better: .neither, "learning rate at \(step)")
  }
}
