/// BadNets (Gu et al. 2017) with a white square, and for every image that has it the class after its own.
package struct BadNetsAllToAll: Attack {
  package static let name = "badnets-all2all"
  package static let summary = "a white square near the corner; class k becomes class k + 1"

  package init() {}
  package init(_ settings: AttackSettings) { self.init() }

  package var labelMode: LabelMode { .allToAll }
  package var trainingTrigger: any Trigger { SquareTrigger() }
}
