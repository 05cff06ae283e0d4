import Images

/// Trojan (Liu et al. 2018): a patch that was made to excite a neuron, added to the image near its corner.
///
/// The published patch is the one of the authors' code for CIFAR-10 and CIFAR-100 (method 3.4). It is stored
/// there with fractions, which never count: an image's values are whole numbers, and the sum is cut off.
package struct Trojan: Attack {
  package static let name = "trojan"
  package static let summary =
    "an optimised patch added near the corner; every image becomes the target class"

  static let picture = AttackSetting(
    name: "picture", domain: .picture(absent: "the published patch of 3x3 pixels"),
    summary: "The patch that is added.")
  static let gap = AttackSetting(
    name: "gap", domain: .number(0...10_000, default: 4), unit: "pixels",
    summary: "How far the patch is from the edges of the image.")
  static let overflow = AttackSetting.word(
    "overflow", default: Overflow.wrap, "What becomes of values above 255.")
  package static let settings = [picture, gap, overflow]

  package let patch: Picture
  package let gap: Int
  package let overflow: Overflow

  /// - Parameter patch: the published one where `nil`.
  package init(patch: Picture? = nil, gap: Int = 4, overflow: Overflow = .wrap) throws(AttackError) {
    if let patch { self.patch = patch } else { self.patch = try Picture(Self.publishedPatch) }
    self.gap = gap
    self.overflow = overflow
  }

  package init(_ settings: AttackSettings) throws(AttackError) {
    try self.init(
      patch: settings.picture(Self.picture), gap: Int(settings.number(Self.gap)),
      overflow: settings.word(Self.overflow))
  }

  package var labelMode: LabelMode { .allToOne }
  package var trainingTrigger: any Trigger { PatchTrigger(patch: patch, gap: gap, overflow: overflow) }

  /// `[3, 3, 3]`
  static let publishedPatch = Image<UInt8>(
    pixels: [
      207, 131, 181, 175, 243, 120, 29, 232, 179,
      79, 8, 126, 137, 0, 32, 248, 113, 146,
      131, 40, 4, 6, 145, 61, 246, 250, 246,
    ],
    shape: ImageShape(height: 3, width: 3, channels: 3))
}
