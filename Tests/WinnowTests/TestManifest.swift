/// A pipeline with every kind of stage.
enum TestManifest {
  /// The stages, in the order in which they run.
  static let stages = [
    "train", "poisoned", "test", "triggered", "warmup", "fine_tuned", "scores", "split", "detection",
    "backdoored", "repaired", "before", "after", "summary",
  ]

  static let text = """
    let data = data

    stage train : load
        path  = $data
        split = train

    stage poisoned : poison
        images <- train
        attack = badnets-all2one
        rate   = 10%

    stage test : load
        path  = $data
        split = test

    stage triggered : trigger
        images   <- test
        poisoned <- poisoned

    """ + defense(of: "poisoned", test: true) + """

    stage before : evaluate
        model     <- backdoored
        images    <- test
        triggered <- triggered

    stage after : evaluate
        model     <- repaired
        images    <- test
        triggered <- triggered

    stage summary : summary
        models     <- before after
        detection <- detection
    """

  /// The same defence against the same images, when all that is known are images and labels.
  static let withoutTruth = """
    stage suspect : load
        path  = suspect
        split = train

    """ + defense(of: "suspect", test: false)

  /// From a training set to a repaired model.
  ///
  /// - Parameter test: whether the repair records every round's metrics.
  private static func defense(of images: String, test: Bool) -> String {
    """
    let clean  = 20%
    let rounds = 3

    stage warmup : train
        images <- \(images)
        width  = 4
        epochs = 3
        batch  = 16

    stage fine_tuned : intra-class
        images <- \(images)
        model  <- warmup
        epochs = 3
        batch  = 16

    stage scores : fct
        images <- \(images)
        model  <- fine_tuned

    stage split : split
        scores   <- scores
        images   <- \(images)
        clean    = $clean
        poisoned = 5%

    stage detection : detection
        scores <- scores
        split  <- split
        images <- \(images)

    stage backdoored : train
        images        <- \(images)
        width         = 6
        epochs        = 3
        batch         = 16
        learning-rate = 0.05
        schedule      = one-cycle
        augment       = crop-flip

    stage repaired : repair
        images         <- \(images)
        model          <- backdoored
        split          <- split
    \(test ? "    test           <- test\n    triggered      <- triggered" : "    # no test sets")
        rounds         = $rounds
        batch          = 8
        learning-rate  = 0.02
        order          = joint
        ascent         = bounded
        poisoned-batch = 4

    """
  }
}
