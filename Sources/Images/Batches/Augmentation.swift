import Compute

/// How training images are varied, by the purposes of the published scripts.
package enum Augmentation: String, CaseIterable, Hashable, Sendable {
  /// Not at all.
  case none
  /// Crop at a random place after a black border of 4 pixels was added.
  case crop
  /// Crop, then left and right swapped with probability ½.
  case cropFlip = "crop-flip"
  /// Crop and flip, then a rotation by U(−15°, 15°).
  case cropFlipRotate = "crop-flip-rotate15"
  /// A rotation by U(−20°, 20°), then flipped with probability ½.
  case rotateFlip = "rotate20-flip"
  /// A view for contrastive learning: see `ContrastiveView`.
  case contrastive

  /// What happens to one image in one epoch.
  struct Outcome: Hashable {
    /// The content is moved to the right and down by this many pixels first.
    var shiftX = 0
    var shiftY = 0
    /// Degrees, counter-clockwise; no rotation when `nil`.
    var rotationBeforeFlip: Double?
    var isFlipped = false
    var rotationAfterFlip: Double?
  }

  /// Draws what happens to image `sample` in `epoch`.
  ///
  /// Contrastive views have parameters of another kind: `ContrastiveView.sample`.
  func sample(seed: UInt64, epoch: Int, sample: Int, view: Int = 0) -> Outcome {
    var outcome = Outcome()
    if self == .none || self == .contrastive { return outcome }
    var stream = RandomStream(
      seed: seed,
      purpose: view == 0
        ? RandomPurpose("augmentation") : RandomPurpose(named: "augmentation \(view)"),
      epoch: epoch, sample: sample)
    let padding = TransformationKind.cropPadding
    if self != .rotateFlip {
      outcome.shiftY = padding - stream.integer(below: 2 * padding + 1)
      outcome.shiftX = padding - stream.integer(below: 2 * padding + 1)
    }
    if self == .rotateFlip { outcome.rotationBeforeFlip = stream.uniform(in: -20...20) }
    if self != .crop { outcome.isFlipped = stream.uniform() < 0.5 }
    if self == .cropFlipRotate { outcome.rotationAfterFlip = stream.uniform(in: -15...15) }
    return outcome
  }
}
