/// The models that an audit makes, or is given.
extension AuditManifest {
  /// What a model takes every sample of the set for.
  struct Labelling {
    /// The stage that made the model.
    let model: String
    /// The stage that tells.
    var stage: String { model + "_labels" }

    init(of model: String) { self.model = model }
  }

  /// The stage with the model to repair.
  private var suspected: String { settings.model == nil ? "backdoored" : "own_model" }

  /// Of the model before the repair, after it, and of the one that was trained anew, as far as there are any.
  var suspectedLabels: Labelling? {
    settings.repairs ? Labelling(of: suspected) : nil
  }
  var repairedLabels: Labelling? {
    settings.repairs ? Labelling(of: "repaired") : nil
  }
  var retrainedLabels: Labelling? {
    settings.retrains ? Labelling(of: "retrained") : nil
  }

  /// Those with a history of their training.
  var trainedModels: [String] {
    (settings.repairs ? (settings.model == nil ? ["backdoored"] : []) + ["repaired"] : [])
      + (settings.retrains ? ["extractor", "retrained"] : [])
  }

  private func labelling(_ labels: Labelling) -> String {
    """
    stage \(labels.stage) : evaluate
        model  <- \(labels.model)
        images <- received
    """
  }

  /// The model to repair, read before anything is trained: that it does not fit is known at once.
  func importing(_ model: OwnModel) -> String {
    let stems =
      model.otherStems.isEmpty
      ? ""
      : "\n# The file does not say its stem: its weights fit "
        + model.otherStems.map { "'\($0)'" }.joined(separator: ", ") + " as well."
    return """
      # The model to repair.\(stems)
      stage own_model : import
          images        <- received
          file          = \(Self.quoted(model.path))
          architecture  = \(model.architecture)
          width         = \(model.width)
          stem          = \(model.stem)
          normalization = measured

      # Whether it was read as it was meant: it should know most labels of the set that it was trained on.

      """ + (suspectedLabels.map(labelling) ?? "")
  }

  var repairing: String {
    let training = """
      # The model that anyone would have trained, and the same without what the suspects taught it.
      stage backdoored : train
          images        <- received
          architecture  = resnet18
          width         = 16
          normalization = measured
          epochs        = 8
          batch         = 64
          learning-rate = 0.05
          schedule      = one-cycle
          milestones    = 100 150
          augment       = crop-flip


      """ + (suspectedLabels.map(labelling) ?? "")
    return (settings.model == nil ? training : "# The model without what the suspects taught it.") + """
      \(settings.model == nil ? "\n\n" : "\n")stage repaired : repair
          images          <- received
          model           <- \(suspected)
          split           <- \(judge)
          rounds          = 10
          batch           = 64
          learning-rate   = 0.02
          schedule        = one-cycle
          order           = joint
          ascent          = bounded
          bound           = 0.4
          poisoned-batch  = 16
          augment         = crop-flip
          unlearn-augment = none
          relearn         = balanced

      # What the repaired model takes every sample for.

      """ + (repairedLabels.map(labelling) ?? "")
  }

  var retraining: String {
    """
    # A model from scratch that learns no label of a suspect (D-ST): features by contrast, then a classifier on them.
    stage extractor : contrast
        images        <- received
        split         <- \(judge)
        architecture  = resnet18
        width         = 16
        stem          = plain
        normalization = measured
        epochs        = 60
        batch         = 256
        learning-rate = 0.25
        warmup        = 5

    stage retrained : train-classifier
        images        <- received
        split         <- \(judge)
        encoder       <- extractor
        loss          = mixed
        lambda        = 0.001
        features      = normalized
        epochs        = 30
        batch         = 512
        learning-rate = 5
        schedule      = cosine
        augment       = contrastive


    """ + (retrainedLabels.map(labelling) ?? "")
  }
}
