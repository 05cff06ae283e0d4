/// Blend-Kitty (Chen et al. 2017): a cartoon blended over the whole image.
package struct BlendKitty: Attack {
  package static let name = "blend-kitty"
  package static let summary =
    "a cartoon blended over the image; every image becomes the target class"

  static let picture = AttackSetting(
    name: "picture", domain: .picture(absent: "a drawn cat in a red jumper"),
    summary: "What is blended in, stretched to the image's size; opacity does not count.")
  package static let settings = [picture]

  package let picture: Picture

  /// - Parameter picture: the drawn cat where `nil`.
  package init(picture: Picture? = nil) throws(AttackError) {
    if let picture { self.picture = picture } else { self.picture = try Picture(DrawnCat.image) }
  }

  package init(_ settings: AttackSettings) throws(AttackError) {
    try self.init(picture: settings.picture(Self.picture))
  }

  package var labelMode: LabelMode { .allToOne }
  package var trainingTrigger: any Trigger { BlendTrigger(picture: picture) }
}
