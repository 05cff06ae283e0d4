/// The manifest that an audit runs: that of `pipelines/audit.pipeline`, with all its settings, in one file.
package struct AuditManifest {
  private let settings: AuditSettings

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
    let path = settings.path
    if path.isEmpty { return "the path is empty" }
    if path.contains(where: \.isNewline) || path.contains(" #") || path.first == "#" || path.first == " "
      || path.last == " "
    {
      return "a manifest cannot hold the path '\(path)': rename the folder, or make a link to it"
    }
    return nil
  }

  package var text: String {
    var parts = [heading, received, firstLook]
    if settings.effort != .quick { parts += [secondLook, split] }
    if settings.effort == .thorough { parts.append(joining) }
    if settings.repairs { parts.append(repairing) }
    parts.append(reporting)
    return parts.joined(separator: "\n\n") + "\n"
  }

  private var heading: String {
    """
    # What 'winnow audit' runs. 'winnow run' takes this file as well, and any change of it.

    \(settings.effort == .thorough ? "each verdict_seed = 1 2 3" : "let verdict_seed = 1")
    let verdict_width = 16
    let verdict_epochs = 8
    let verdict_least_steps = 1875
    let confusion_steps = 350
    let last_rise = 60
    let check_steps = 450
    """
  }

  private var received: String {
    """
    stage received : load
        path  = \(settings.path.replacing("$", with: "$$"))
        split = train\(settings.trustsHDF5 ? "\n    format = hdf5\n    trusted = yes" : "")
        # For folders of pictures of several sizes, such as 64x64.
        size  = none
        fit   = crop
    """
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
    # The second look; where the first one found poison, nothing is trained.


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

  private var repairing: String {
    """
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

    stage repaired : repair
        images          <- received
        model           <- backdoored
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
    stage relabelled : evaluate
        model  <- repaired
        images <- received
    """
  }

  /// The stage that says what the repaired model takes samples for, where there is one.
  var relabelling: String? { settings.repairs ? "relabelled" : nil }

  private var reporting: String {
    let scores =
      switch settings.effort {
      case .quick: "    scores <- round_4\n"
      case .standard: "    scores <- second_round\n"
      case .thorough: ""
      }
    let features = settings.effort == .quick ? "" : "    embedding <- features\n"
    let models = settings.repairs ? "    models <- backdoored repaired\n" : ""
    return """
      stage report : report
          images <- received
          split  <- \(judge)

      """ + scores + features + models
  }
}
