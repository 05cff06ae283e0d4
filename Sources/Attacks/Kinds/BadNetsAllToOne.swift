/// BadNets (Gu et al. 2017): a patch in the corner, and the target class for every image that has it.
package struct BadNetsAllToOne: Attack {
  package static let name = "badnets-all2one"
  package static let summary = "a patch in the corner; every image becomes the target class"

  /// The published patterns.
  package enum Pattern: String, AttackWord {
    case grid
    case square

    package var summary: String {
      switch self {
      case .grid: "a checkerboard of 3x3 pixels (published for CIFAR)"
      case .square: "a white square, a tenth of the image wide (published for ImageNet)"
      }
    }
  }

  static let pattern = AttackSetting.word(
    "pattern", default: Pattern.grid, "What is in the corner.")
  package static let settings = [pattern]

  package let pattern: Pattern

  package init(pattern: Pattern = .grid) { self.pattern = pattern }
  package init(_ settings: AttackSettings) { self.init(pattern: settings.word(Self.pattern)) }

  package var labelMode: LabelMode { .allToOne }
  package var trainingTrigger: any Trigger {
    switch pattern {
    case .grid: GridTrigger()
    case .square: SquareTrigger(gap: 0)
    }
  }
}
