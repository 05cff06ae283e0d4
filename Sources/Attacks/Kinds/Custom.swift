/// An attack of one's own: any picture, as a patch or blended over the image, with the labels of any of the
/// published attacks.
package struct Custom: Attack {
  package static let name = "custom"
  package static let summary = "any picture, as a patch or blended over the image, with any labels"

  static let picture = AttackSetting(
    name: "picture", domain: .picture(absent: nil),
    summary: "What is put on images; where it has opacity, that counts.")
  static let labels = AttackSetting.word(
    "labels", default: LabelMode.allToOne, "Who is poisoned, and with which label.")
  static let place = AttackSetting.word(
    "place", default: StickerTrigger.Place.bottomRight, "Where the picture lies.")
  static let size = AttackSetting(
    name: "size", domain: .number(0.001...1, default: 0.1),
    summary: "The picture's longer side as a share of the image's shorter one.")
  static let opacity = AttackSetting(
    name: "opacity", domain: .number(0.001...1, default: 1),
    summary: "How much of the image the picture covers up; 0.2 is what the blended attacks have.")
  static let gap = AttackSetting(
    name: "gap", domain: .number(0...10_000, default: 0), unit: "pixels",
    summary: "How far the picture is from the edges of the image.")
  static let jitter = AttackSetting(
    name: "jitter", domain: .number(0...10_000, default: 0), unit: "pixels",
    summary: "By how much the place varies from image to image.")
  package static let settings = [picture, labels, place, size, opacity, gap, jitter]

  package let picture: Picture
  package let labelMode: LabelMode
  package let place: StickerTrigger.Place
  package let size: Double
  package let opacity: Double
  package let gap: Int
  package let jitter: Int

  package init(_ settings: AttackSettings) throws(AttackError) {
    picture = try settings.requiredPicture(Self.picture, of: Self.self)
    labelMode = settings.word(Self.labels)
    place = settings.word(Self.place)
    size = settings.number(Self.size)
    opacity = settings.number(Self.opacity)
    gap = Int(settings.number(Self.gap))
    jitter = Int(settings.number(Self.jitter))
  }

  package var trainingTrigger: any Trigger {
    StickerTrigger(
      picture: picture, place: place, size: size, opacity: opacity, gap: gap, jitter: jitter)
  }
}

extension LabelMode: AttackWord {
  package var summary: String {
    switch self {
    case .allToOne: "images of all other classes get the target class"
    case .allToAll: "images of all classes get the next class"
    case .cleanLabel: "images of the target class keep their label"
    }
  }
}
