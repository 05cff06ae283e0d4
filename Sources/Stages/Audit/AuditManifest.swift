/// The manifest that an audit runs: that of `pipelines/audit.pipeline`, with all its settings, in one file.
package struct AuditManifest {
  private let settings: AuditSettings

  /// The stage that divides the set, and those before it. Whatever else names samples takes their place: the
  /// last stage of these must make an artifact of type split or verdict and be called `judge`.
  static let judge = "split"

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
    ([heading, received, judging] + (settings.repairs ? [repairing] : []) + [reporting]).joined(separator: "\n\n") + "\n"
  }

  private var heading: String {
    """
    # What 'winnow audit' runs. 'winnow run' takes this file as well, and any change of it.
    """
  }

  private var received: String {
    """
    stage received : load
        path  = \(settings.path.replacing("$", with: "$$"))
        split = train
    """
  }

  private var judging: String {
    """
    # Which samples are suspect.
    stage warmup : train
        images        <- received
        architecture  = resnet18
        width         = \(settings.effort.width)
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
        draws          = \(settings.effort.draws)

    stage \(Self.judge) : split
        scores   <- scores
        images   <- received
        clean    = 50%
        poisoned = 5%
        select   = balanced
    """
  }

  private var repairing: String {
    """
    # The model that anyone would have trained, and the same without what the suspects taught it.
    stage backdoored : train
        images        <- received
        architecture  = resnet18
        width         = \(settings.effort.width)
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
        split           <- \(Self.judge)
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
    """
  }

  private var reporting: String {
    """
    stage report : report
        images <- received
        scores <- scores
        split  <- \(Self.judge)\(settings.repairs ? "\n    models <- warmup backdoored repaired" : "\n    models <- warmup")
    """
  }
}
