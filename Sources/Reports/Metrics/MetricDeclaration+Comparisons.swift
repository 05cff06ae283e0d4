extension MetricDeclaration {
  /// What is recorded of every epoch by the defences that the method is compared with.
  package static let ofComparisons: [MetricDeclaration] = [
    loss("fine_tune", cleanImages), accuracy("fine_tune", cleanImages),
    loss("masks", cleanImages), accuracy("masks", cleanImages),
    MetricDeclaration(
      "masks_perturbed_loss", title: "masks perturbed loss", unit: .number, better: .lower,
      "mean cross-entropy of \(cleanImages) during the epoch, with the channels disturbed"),
    loss("distillation", cleanImages), accuracy("distillation", cleanImages),
    MetricDeclaration(
      "distillation_attention_loss", title: "attention loss", unit: .number, better: .lower,
      "weighted distance of the attention maps from the teacher's during the epoch"),
    loss("curve", "\(cleanImages), at random points of the curve,"),
    accuracy("curve", "\(cleanImages), at random points of the curve,"),
    MetricDeclaration(
      "labelled_loss", title: "labelled loss", unit: .number, better: .lower,
      "mean cross-entropy of the labelled images during the epoch, mixed with others, against mixed labels"),
    MetricDeclaration(
      "unlabelled_difference", title: "unlabelled difference", unit: .number, better: .lower,
      "mean squared difference of probabilities and mixed guessed labels of the unlabelled images"),
  ]

  private static let cleanImages = "the clean images"
}
