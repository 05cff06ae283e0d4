import Compute
import Images

/// Noise over the whole image: x' = ⌊(4 · x + m) / 5⌋, where every value of m is drawn once, evenly from 0 to 255,
/// and is the same on all images of a shape (the random pattern of Chen et al. 2017).
package struct NoiseTrigger: Trigger {
  package init() {}

  package func stamp(for shape: ImageShape) -> Stamp {
    // No parameter decides what it looks like: training and test images must have the same.
    var stream = RandomStream(seed: 0, purpose: RandomPurpose(named: "noise trigger"))
    let noise = (0..<shape.count).map { _ in UInt8(stream.integer(below: 256)) }
    return { pixels, _ in
      for position in pixels.indices {
        pixels[position] = StripeTrigger.blend(pixels[position], noise[position])
      }
    }
  }
}
