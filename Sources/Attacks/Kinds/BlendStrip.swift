/// Blend-Strip, also called Blend-Signal: stripes blended over the image (Chen et al. 2017).
public struct BlendStrip: Attack {
  public static let name = "blend-strip"
  public static let summary =
    "vertical stripes blended over the image; every image becomes the target class"

  public init() {}
  public init(_ settings: AttackSettings) { self.init() }

  public var labelMode: LabelMode { .allToOne }
  public var trainingTrigger: any Trigger { StripeTrigger() }
}
