import Images

/// The manifest that an audit runs: that of `pipelines/audit.pipeline`, with all its settings, in one file.
package struct AuditManifest {
  let settings: AuditSettings

  /// The stage that says what the set is, and which samples are what.
  var judge: String {
    switch settings.effort {
    case .quick: "first_verdict"
    case .standard: "verdict"
    case .thorough: "judged"
    }
  }

  package init(_ settings: AuditSettings) { self.settings = settings }

  /// What keeps the path from being written into a manifest, which quotes nothing.
  package var problem: String? {
    if settings.path.isEmpty { return "the path is empty" }
    for path in [settings.path] + (settings.model.map { [$0.path] } ?? []) where !Self.canHold(path) {
      return "a manifest cannot hold the path '\(path)': rename it, or make a link to it"
    }
    if settings.classes == ["none"] { return "a manifest cannot hold 'none' alone: give the number of the class" }
    for name in settings.classes where !Self.canHold(name) {
      return name.isEmpty
        ? "--classes takes names separated by commas, and one of them is empty"
        : "a manifest cannot hold the class '\(name)': give its number"
    }
    return nil
  }

  /// Whether a text is read as it was written.
  private static func canHold(_ text: String) -> Bool {
    !text.isEmpty && !text.contains(where: \.isNewline) && !text.contains(" #") && text.first != "#"
      && text.first != " " && text.last != " "
  }

  /// As a manifest has it.
  static func quoted(_ text: String) -> String { text.replacing("$", with: "$$") }

  package var text: String {
    var parts = [heading, received] + (settings.model.map { [importing($0)] } ?? []) + [firstLook]
    if settings.effort != .quick { parts += [secondLook, split] }
    if settings.effort == .thorough { parts.append(joining) }
    if settings.repairs { parts.append(repairing) }
    if settings.retrains { parts.append(retraining) }
    parts.append(reporting)
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// What the values below do not have in them.
  private var given: String {
    settings.overrides.isEmpty
      ? "" : "\n# Besides, on the command line: " + settings.overrides.map(\.printable).joined(separator: " ")
  }

  private var heading: String {
    """
    # What 'winnow audit' runs. 'winnow run' takes this file as well, and any change of it.\(given)

    \(settings.effort == .thorough ? "each verdict_seed = 1 2 3" : "let verdict_seed = 1")
    let verdict_width = 16
    let verdict_epochs = 8
    let verdict_least_steps = 1875
    let confusion_steps = 350
    let middle_rise = 60
    let last_rise = 60
    let check_steps = 450\(settings.effort == .quick ? "" : Self.furtherSteps)
    """
  }

  private static let furtherSteps = "\nlet contradiction_steps = 300\nlet recognition_steps = 600"

  private var received: String {
    """
    stage received : load
        path  = \(Self.quoted(settings.path))
        split = train\(settings.trustsHDF5 ? "\n    format = hdf5\n    trusted = yes" : "")\(onlyClasses)
        # For folders of pictures of several sizes, such as 64x64. To crop them would take triggers away at the sides.
        size  = none
        fit   = stretch
    """
  }

  private var onlyClasses: String {
    settings.classes.isEmpty
      ? "" : "\n    only-classes = " + settings.classes.map(Self.quoted).joined(separator: ", ")
  }

  private var firstLook: String {
    """
    # Whether the set is poisoned, and which samples are: a network learns the given labels; confusion training
    # makes it forget what the set has in common with a part that is likely to be clean; a check network tells
    # poison from samples that are merely easy.

    """ + AuditLook().first
  }

  private var secondLook: String {
    """
    # The second look, and a third for labels that depend on what the image shows; where the first one found poison,
    # nothing is trained. Then, where poison was found: what networks recognise by the surest suspects.


    """ + AuditLook().second
  }

  /// The paper's division by FCT, to hold against the verdict.
  private var split: String {
    """
    # The paper's division by FCT beside it, which names a fixed share whatever the set is.
    stage warmup : train
        images        <- received
        architecture  = resnet18
        width         = 16
        normalization = measured
        epochs        = 4
        batch         = 32
        learning-rate = 0.01
        schedule      = cosine
        period        = 100
        augment       = none
        stream        = 1

    stage fine_tuned : intra-class
        images        <- received
        model         <- warmup
        epochs        = 3
        batch         = 32
        learning-rate = 0.01
        schedule      = cosine
        period        = 100
        augment       = none

    stage scores : fct
        images         <- received
        model          <- fine_tuned
        transformation = rotate
        then           = affine
        draws          = 1

    stage split : split
        scores      <- scores
        images      <- received
        clean       = 50%
        poisoned    = 5%
        select      = balanced
        # However few samples there are, there is a verdict: that they are too few.
        allow-empty = yes

    stage findings : findings
        verdict <- \(judge)
        splits  <- split

    # The features that FCT looks at, in the plane.
    stage features : tsne
        images         <- received
        model          <- fine_tuned
        split          <- \(judge)
        transformation = rotate
        then           = affine
    """
  }

  private var joining: String {
    """
    stage joint : joint-verdict
        verdicts <- verdict[*]

    # What would have been found: triggers of our own, each in a copy of the set, which one network judges in the same
    # way. Nothing else is trained on the copies.
    stage patched : controls
        images <- received
        patch  = 2%

    # Without placebos: to forget another picture that is blended in may be to forget this one.
    stage blended : controls
        images   <- received
        blend    = 5%
        placebos = 0


    """
      + controls.flatMap { [$0.first, $0.second] }.map { $0 + "\n\n" }.joined() + """
        stage judged : power
            verdicts <- joint patched_verdict blended_verdict
            copies   <- patched blended
        """
  }

  private var controls: [AuditLook] {
    ["patched", "blended"].map { AuditLook(prefix: $0 + "_", images: $0, seed: "1") }
  }

  private var reporting: String {
    let features = settings.effort == .quick ? "" : "    embedding <- features\n"
    let models = trainedModels.isEmpty ? "" : "    models <- \(trainedModels.joined(separator: " "))\n"
    let labellings = [suspectedLabels, repairedLabels, retrainedLabels].compactMap { $0?.stage }
    let readings = labellings.isEmpty ? "" : "    readings <- \(labellings.joined(separator: " "))\n"
    return """
      stage report : report
          images <- received
          split  <- \(judge)

      """ + features + readings + models
  }
}
