import Testing

/// The stages of a verdict on the images 'poisoned' of `TestManifest`, so short that they find nothing.
enum VerdictManifest {
  static let text = """
    include test.pipeline

    let images = poisoned

    stage fit : label-fit
        images <- $images
        model  <- warmup

    stage round_1 : confusion
        images  <- $images
        model   <- warmup
        scores  <- fit
        shifted = 50%
        steps   = 130
        batch   = 16

    stage round_2 : confusion
        images <- $images
        model  <- warmup
        scores <- round_1 fit
        select = probability
        below  = 90%
        steps  = 130
        batch  = 16

    stage check : check
        images <- $images
        model  <- warmup
        scores <- round_2
        steps  = 520
        batch  = 16

    stage first_verdict : verdict
        images        <- $images
        scores        <- round_2
        check         <- check
        fewest-images = 100
        fewest        = 1000

    stage ranked_check : check
        images  <- $images
        model   <- warmup
        scores  <- round_1
        earlier <- first_verdict
        base    = rank
        steps   = 130
        batch   = 16
        class-share = 30%

    stage second_round : confusion
        images <- $images
        model  <- warmup
        scores <- round_1 round_2
        check  <- ranked_check
        select = classes
        steps  = 130
        batch  = 16

    stage second_check : check
        images  <- $images
        model   <- warmup
        scores  <- second_round
        earlier <- first_verdict
        steps   = 520
        batch   = 16

    stage verdict : verdict
        images        <- $images
        scores        <- second_round
        check         <- second_check
        earlier       <- first_verdict
        fewest-images = 100

    stage judged : detection
        scores <- second_round
        split  <- verdict
        images <- $images

    stage spared : repair
        images <- $images
        model  <- backdoored
        split  <- verdict
        rounds = 1
        batch  = 16

    """

  /// A workspace in which all of it was built.
  static func workspace() throws -> Workspace { try Workspace(copyOf: try built.get()) }

  private static let built = Result {
    let workspace = try Workspace(copyOf: .reference)
    try workspace.write(text, to: "verdict.pipeline")
    try run(workspace).expect()
    return workspace
  }

  static func run(_ workspace: Workspace, _ arguments: String..., threads: Int = 1) throws -> Outcome {
    try workspace.winnow(["run", "verdict.pipeline"] + arguments, threads: threads)
  }
}
