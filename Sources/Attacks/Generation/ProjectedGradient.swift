import Compute
import Images
import Networks

/// Perturbs images so that a model takes them for something else: projected gradient ascent on the
/// cross-entropy of their label, within a maximum change of every value (Madry et al. 2018).
///
/// Numbers are in grey levels: δ ← clip(δ + step · sign(∇ CE), ±reach), and the image plus δ is cut to bytes at
/// the end. The model sees pixels as it was trained to, unless `isNormalized` says otherwise.
package struct ProjectedGradient: Hashable, Sendable {
  /// The most that a value may change by (ε), in grey levels.
  package let reach: Double
  /// What a step changes a value by, in grey levels.
  package let step: Double
  package let steps: Int
  /// Whether δ is uniform within the reach at first, or else 0.
  package let startsAtRandom: Bool
  /// With `saturate`, pixels stay from 0 to 255 all the time; with `wrap` they may leave that range.
  package let overflow: Overflow
  /// Whether the model sees normalised pixels; else values from 0 to 1, as in the published code.
  package let isNormalized: Bool
  package let seed: UInt64

  package init(
    reach: Double = 8, step: Double = 2, steps: Int = 4, startsAtRandom: Bool = true,
    overflow: Overflow = .saturate, isNormalized: Bool = true, seed: UInt64
  ) {
    self.reach = reach
    self.step = step
    self.steps = steps
    self.startsAtRandom = startsAtRandom
    self.overflow = overflow
    self.isNormalized = isNormalized
    self.seed = seed
  }

  /// The images at `indices`, perturbed, `[indices.count, height, width, channels]`.
  ///
  /// - Parameter model: room for at least as many images.
  package func perturbed(
    _ indices: ArraySlice<Int>, of images: ImageSet, against model: DifferentiableModel
  ) -> [UInt8] {
    let size = images.shape.count
    let labels = indices.map { Int32(images.labels[$0]) }
    var original: [Float] = []
    original.reserveCapacity(indices.count * size)
    for index in indices {
      for value in images.pixels[images.pixelRange(of: index)] { original.append(Float(value)) }
    }
    var change = start(indices, size: size)
    for _ in 0..<steps {
      model.load(rows: indices.count, isNormalized: isNormalized) { position in
        limited(original[position] + change[position])
      }
      model.differentiate(labels: labels)
      let (reach, step) = (Float(reach), Float(step))
      for position in change.indices {
        let slope = model.network.inputGradient.pointer[position]
        let moved = change[position] + (slope > 0 ? step : slope < 0 ? -step : 0)
        let value = limited(original[position] + min(reach, max(-reach, moved)))
        change[position] = value - original[position]
      }
    }
    return change.indices.map { overflow.byte(Double(original[$0] + change[$0])) }
  }

  /// The changes before the first step; a function of the seed and the image alone.
  private func start(_ indices: ArraySlice<Int>, size: Int) -> [Float] {
    guard startsAtRandom else { return [Float](repeating: 0, count: indices.count * size) }
    return indices.flatMap { index in
      var stream = RandomStream(seed: seed, purpose: RandomPurpose("perturbation"), sample: index)
      return (0..<size).map { _ in Float(stream.uniform(in: -reach...reach)) }
    }
  }

  private func limited(_ value: Float) -> Float {
    overflow == .wrap ? value : min(255, max(0, value))
  }
}
