/// CL, the label-consistent attack (Turner, Tsipras and Madry 2019): images of the target class are perturbed
/// until a benign model takes them for something else, so that only the checkerboards in their corners tell
/// what they are. Labels stay. Test images get the checkerboards alone.
package struct LabelConsistent: Attack {
  package static let name = "cl"
  package static let summary =
    "checkerboards in the corners of perturbed images of the target class, which keep their label"

  package init() {}
  package init(_ settings: AttackSettings) { self.init() }

  package static let ingredient: AttackIngredient? = .perturbedImages

  package var labelMode: LabelMode { .cleanLabel }
  package var trainingTrigger: any Trigger { GridTrigger.corners }
}
