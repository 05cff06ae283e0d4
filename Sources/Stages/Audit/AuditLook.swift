/// The stages of a verdict on one set, as text of a manifest.
struct AuditLook {
  /// What the names of its stages begin with.
  var prefix = ""
  /// The stage with the set.
  var images = "received"
  var seed = "$verdict_seed"

  /// To a first verdict.
  var first: String {
    """
    stage \(prefix)first : train
        images        <- \(images)
        architecture  = resnet18
        width         = $verdict_width
        stem          = fitting
        normalization = measured
        epochs        = $verdict_epochs
        least-steps   = $verdict_least_steps
        batch         = 64
        learning-rate = 0.05
        schedule      = one-cycle
        augment       = none
        seed          = \(seed)
        stream        = 2

    stage \(prefix)fit : label-fit
        images <- \(images)
        model  <- \(prefix)first
        seed   = \(seed)

    stage \(prefix)round_1 : confusion
        images  <- \(images)
        model   <- \(prefix)first
        scores  <- \(prefix)fit
        share   = 45%
        lambda  = 3
        shifted = 50%
        steps   = $confusion_steps
        seed    = \(seed)
        stream  = 1

    stage \(prefix)round_2 : confusion
        images <- \(images)
        model  <- \(prefix)first
        scores <- \(prefix)round_1
        share  = 70%
        keep   = 1
        lambda = 4
        steps  = $confusion_steps
        rise   = $middle_rise
        seed   = \(seed)
        stream = 2

    stage \(prefix)round_3 : confusion
        images <- \(images)
        model  <- \(prefix)first
        scores <- \(prefix)round_2
        share  = 85%
        keep   = 1
        lambda = 5
        steps  = $confusion_steps
        rise   = $middle_rise
        seed   = \(seed)
        stream = 3

    stage \(prefix)round_4 : confusion
        images <- \(images)
        model  <- \(prefix)first
        scores <- \(prefix)round_2 \(prefix)round_3
        select = probability
        lambda = 5
        steps  = $confusion_steps
        rise   = $last_rise
        seed   = \(seed)
        stream = 4

    stage \(prefix)pattern : shared-pattern
        images <- \(images)
        model  <- \(prefix)first
        scores <- \(prefix)fit \(prefix)round_1 \(prefix)round_2 \(prefix)round_3
        seed   = \(seed)

    stage \(prefix)check : check
        images      <- \(images)
        model       <- \(prefix)first
        scores      <- \(prefix)round_4 \(prefix)round_2 \(prefix)round_3
        base        = forgotten
        class-share = 20%
        steps       = $check_steps
        seed        = \(seed)
        stream      = 1

    stage \(prefix)first_verdict : verdict
        images            <- \(images)
        scores            <- \(prefix)round_4 \(prefix)round_2 \(prefix)round_3
        check             <- \(prefix)check
        pattern           <- \(prefix)pattern
        confusable-from   = 50%
        confusable-unless = 40%
        foreign-below     = 50%
    """
  }

  /// Where that did not find poison, a second and a third one; and by all of them the verdict.
  var second: String {
    """
    stage \(prefix)spared_check : check
        images      <- \(images)
        model       <- \(prefix)first
        scores      <- \(prefix)fit \(prefix)round_4 \(prefix)round_2 \(prefix)round_3
        earlier     <- \(prefix)first_verdict
        base        = spared
        class-share = 20%
        steps       = $check_steps
        seed        = \(seed)
        stream      = 4

    stage \(prefix)spared_verdict : verdict
        images            <- \(images)
        scores            <- \(prefix)round_4 \(prefix)round_2 \(prefix)round_3
        check             <- \(prefix)spared_check
        earlier           <- \(prefix)first_verdict
        demand            = 2
        poisoned-of-usual = 40%
        least-usual       = 50%
        mixed-from        = 100%
        confusable-from   = 50%
        confusable-unless = 40%
        settles           = yes

    stage \(prefix)early_verdict : verdict
        images        <- \(images)
        scores        <- \(prefix)round_1
        check         <- \(prefix)check
        earlier       <- \(prefix)spared_verdict
        asks          = likeness
        demand        = 2
        foreign-below = 50%

    stage \(prefix)ranked_check : check
        images      <- \(images)
        model       <- \(prefix)first
        scores      <- \(prefix)round_2
        earlier     <- \(prefix)early_verdict
        base        = rank
        class-share = 30%
        steps       = $check_steps
        seed        = \(seed)
        stream      = 2

    stage \(prefix)ranked_verdict : verdict
        images        <- \(images)
        scores        <- \(prefix)round_1
        check         <- \(prefix)ranked_check
        earlier       <- \(prefix)early_verdict
        asks          = likeness
        demand        = 2
        foreign-below = 70%

    stage \(prefix)second_round : confusion
        images <- \(images)
        model  <- \(prefix)first
        scores <- \(prefix)round_2 \(prefix)round_3
        check  <- \(prefix)ranked_check
        select = classes
        lambda = 4
        steps  = $confusion_steps
        seed   = \(seed)
        stream = 5

    stage \(prefix)second_check : check
        images  <- \(images)
        model   <- \(prefix)first
        scores  <- \(prefix)second_round
        earlier <- \(prefix)ranked_verdict
        steps   = $check_steps
        seed    = \(seed)
        stream  = 3

    stage \(prefix)contradiction : contradiction
        images  <- \(images)
        check   <- \(prefix)check
        earlier <- \(prefix)ranked_verdict
        steps   = $contradiction_steps
        seed    = \(seed)

    stage \(prefix)found : verdict
        images          <- \(images)
        scores          <- \(prefix)second_round \(prefix)round_2 \(prefix)round_3
        check           <- \(prefix)second_check
        earlier         <- \(prefix)ranked_verdict
        contradiction   <- \(prefix)contradiction
        demand          = 2
        mixed-from      = 100%
        confusable-from = 50%

    stage \(prefix)verdict : recognition
        images  <- \(images)
        model   <- \(prefix)first
        verdict <- \(prefix)found
        check   <- \(prefix)check \(prefix)spared_check \(prefix)ranked_check \(prefix)second_check
        steps   = $recognition_steps
        seed    = \(seed)
    """
  }
}
