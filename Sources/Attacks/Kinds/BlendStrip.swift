/// Blend-Strip, also called Blend-Signal: stripes blended over the image (Chen et al. 2017).
package struct BlendStrip: Attack {
  package static let name = "blend-strip"
  package static let summary =
    "vertical stripes blended over the image; every image becomes the target class"

  package init() {}
  package init(_ settings: AttackSettings) { self.init() }

  package var labelMode: LabelMode { .allToOne }
  package var trainingTrigger: any Trigger { StripeTrigger() }
}
