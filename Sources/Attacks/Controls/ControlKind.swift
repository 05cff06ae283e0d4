import Compute
import Images

/// A kind of trigger that is planted in a copy of a training set, to see whether it is found there.
///
/// What a trigger looks like is drawn: it is none that an attacker is known to use, so that it does not mix with
/// poison that is in the set already.
package enum ControlKind: String, CaseIterable, Hashable, Sendable {
  case patch, blend, noise, sinusoid

  /// What it is called in a sentence: "… on 1% of the images".
  package var phrase: String {
    switch self {
    case .patch: "a patch in a corner"
    case .blend: "a picture blended in"
    case .noise: "noise blended in"
    case .sinusoid: "a sinusoid that leaves labels as they are"
    }
  }

  /// Whether the images with it get another label.
  package var labelMode: LabelMode { self == .sinusoid ? .cleanLabel : .allToOne }

  /// One of the kind.
  ///
  /// - Parameters:
  ///   - variant: those of different variants, 0 or more, are different ones.
  ///   - seed: decides what it looks like.
  /// - Throws: `AttackError.pictureNotTaken` for images that are too large.
  package func trigger(
    variant: Int, on shape: ImageShape, seed: UInt64
  ) throws(AttackError) -> any Trigger {
    // Variants begin at different places of one random order: no two are the same.
    var common = RandomStream(seed: seed, purpose: RandomPurpose(named: "control \(rawValue)"))
    var own = RandomStream(seed: seed, purpose: RandomPurpose(named: "control \(rawValue)"), sample: 1 + variant)
    switch self {
    case .patch:
      let places: [StickerTrigger.Place] = [.topLeft, .topRight, .bottomLeft, .bottomRight]
      let order = common.permutation(of: places.count)
      return StickerTrigger(
        picture: try Self.checkers(&own), place: places[order[variant % order.count]], size: Self.patchSize)
    case .blend:
      return BlendTrigger(picture: try Self.picture(side: Self.blendCells, side: Self.blendCells, &own), share: Self.share)
    case .noise:
      return BlendTrigger(picture: try Self.picture(side: shape.height, side: shape.width, &own), share: Self.share)
    case .sinusoid:
      let order = common.permutation(of: Self.frequencies.count)
      return SinusoidTrigger(
        strength: Self.strength, frequency: Self.frequencies[order[variant % order.count]])
    }
  }

  /// 3 pixels of 32.
  private static let patchSize = 0.1
  /// Patches of colour along each side of the picture, which run into each other.
  private static let blendCells = 4
  /// Of the picture or the noise in the image.
  private static let share = 0.2
  /// δ, in grey levels.
  private static let strength = 40.0
  /// Periods across the image; not 6, which SIG has.
  private static let frequencies = [3.0, 4, 5, 7, 8, 9]

  /// 3 × 3 pixels, five of them white and four black.
  private static func checkers(_ stream: inout RandomStream) throws(AttackError) -> Picture {
    let isWhite = stream.permutation(of: 9).map { $0 < 5 }
    return try Picture(
      Image(pixels: isWhite.map { $0 ? 255 : 0 }, shape: ImageShape(height: 3, width: 3, channels: 1)))
  }

  /// Random colours.
  private static func picture(
    side height: Int, side width: Int, _ stream: inout RandomStream
  ) throws(AttackError) -> Picture {
    let shape = ImageShape(height: height, width: width, channels: 3)
    return try Picture(
      Image(pixels: (0..<shape.count).map { _ in UInt8(stream.integer(below: 256)) }, shape: shape))
  }
}
