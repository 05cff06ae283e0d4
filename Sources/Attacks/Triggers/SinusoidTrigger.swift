import Foundation
import Images

/// A sinusoid across the columns, the same in every row and channel, added to the image and clipped:
/// x' = ⌊min(255, max(0, share · x + δ · sin(2π·f·column / width)))⌋.
///
/// With a share of 1 it is SIG's (Barni, Kallas and Tondi 2019). The sum is in single precision, as in
/// published code, so that where the sine is zero but for rounding the pixel stays what it was.
package struct SinusoidTrigger: Trigger {
  /// δ, in grey levels.
  package let strength: Double
  /// f: how many periods there are across the image.
  package let frequency: Double
  /// How much of the image is left.
  package let share: Double

  package init(strength: Double, frequency: Double = 6, share: Double = 1) {
    self.strength = strength
    self.frequency = frequency
    self.share = share
  }

  /// What stands for the stripes on ImageNet: four fifths of the image and one fifth of a sinusoid of 20 grey
  /// levels around zero, which darkens it more than it shows.
  package static let faint = SinusoidTrigger(strength: 0.2 * 20, share: 0.8)

  package func stamp(for shape: ImageShape) -> Stamp {
    let wave = (0..<shape.width).map { column in
      Float(strength * sin(2 * .pi * Double(column) * frequency / Double(shape.width)))
    }
    let shares = (0...255).map { Float(share * Double($0)) }
    return { pixels, _ in
      var position = 0
      for _ in 0..<shape.height {
        for value in wave {
          for _ in 0..<shape.channels {
            pixels[position] = UInt8(min(255, max(0, shares[Int(pixels[position])] + value)))
            position += 1
          }
        }
      }
    }
  }
}
