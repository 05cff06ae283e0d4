/// Blend-Strip, also called Blend-Signal: stripes, or another pattern, blended over the image (Chen et al. 2017).
package struct BlendStrip: Attack {
  package static let name = "blend-strip"
  package static let summary =
    "vertical stripes blended over the image; every image becomes the target class"

  /// The published patterns, and one of the attack's first paper.
  package enum Pattern: String, AttackWord {
    case stripes
    case sinusoid
    case noise

    package var summary: String {
      switch self {
      case .stripes: "four dark and four bright stripes (published for CIFAR)"
      case .sinusoid: "a sinusoid of ±4 grey levels on the darkened image (published for ImageNet)"
      case .noise: "random values, the same on all images"
      }
    }
  }

  static let pattern = AttackSetting.word("pattern", default: Pattern.stripes, "What is blended in.")
  package static let settings = [pattern]

  package let pattern: Pattern

  package init(pattern: Pattern = .stripes) { self.pattern = pattern }
  package init(_ settings: AttackSettings) { self.init(pattern: settings.word(Self.pattern)) }

  package var labelMode: LabelMode { .allToOne }
  package var trainingTrigger: any Trigger {
    switch pattern {
    case .stripes: StripeTrigger()
    case .sinusoid: SinusoidTrigger.faint
    case .noise: NoiseTrigger()
    }
  }
}
