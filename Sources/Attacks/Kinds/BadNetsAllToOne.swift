/// BadNets (Gu et al. 2017): a patch in the corner, and the target class for every image that has it.
package struct BadNetsAllToOne: Attack {
  package static let name = "badnets-all2one"
  package static let summary = "a 3x3 checkerboard in the corner; every image becomes the target class"

  package init() {}
  package init(_ settings: AttackSettings) { self.init() }

  package var labelMode: LabelMode { .allToOne }
  package var trainingTrigger: any Trigger { GridTrigger() }
}
