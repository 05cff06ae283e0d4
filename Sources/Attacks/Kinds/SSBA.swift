/// SSBA (Li et al. 2021): a message that an encoder hides in the image, in a change of its own for every image
/// that is hardly seen.
package struct SSBA: Attack {
  package static let name = "ssba"
  package static let summary =
    "a hidden message, another change in every image; every image becomes the target class"

  package static let ingredient: AttackIngredient? = .encoder

  package let encoder: HidingEncoder

  package init(encoder: HidingEncoder) { self.encoder = encoder }

  /// - Throws: `AttackError.noEncoder`: there is none without training one.
  package init(_ settings: AttackSettings) throws(AttackError) { throw .noEncoder(attack: Self.name) }

  package var labelMode: LabelMode { .allToOne }
  package var trainingTrigger: any Trigger { EncoderTrigger(encoder: encoder) }
}
