/// BadNets (Gu et al. 2017): a patch in the corner, and the target class for every image that has it.
public struct BadNetsAllToOne: Attack {
  public static let name = "badnets-all2one"
  public static let summary = "a 3x3 checkerboard in the corner; every image becomes the target class"

  public init() {}
  public init(_ settings: AttackSettings) { self.init() }

  public var labelMode: LabelMode { .allToOne }
  public var trainingTrigger: any Trigger { GridTrigger() }
}
