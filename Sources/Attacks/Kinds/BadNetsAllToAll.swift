/// BadNets (Gu et al. 2017) with a white square, and for every image that has it the class after its own.
public struct BadNetsAllToAll: Attack {
  public static let name = "badnets-all2all"
  public static let summary = "a white square near the corner; class k becomes class k + 1"

  public init() {}
  public init(_ settings: AttackSettings) { self.init() }

  public var labelMode: LabelMode { .allToAll }
  public var trainingTrigger: any Trigger { SquareTrigger() }
}
