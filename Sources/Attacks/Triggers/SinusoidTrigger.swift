import Foundation
import Images

/// A sinusoid across the columns, the same in every row and channel, added to the image and clipped (SIG,
/// Barni, Kallas and Tondi 2019): x' = ⌊min(255, max(0, x + δ·sin(2π·f·column / width)))⌋.
///
/// The sum is in single precision, as in published code, so that where the sine is zero but for rounding
/// the pixel stays what it was.
package struct SinusoidTrigger: Trigger {
  /// δ, in grey levels.
  package let strength: Double
  /// f: how many periods there are across the image.
  package let frequency: Double

  package init(strength: Double, frequency: Double = 6) {
    self.strength = strength
    self.frequency = frequency
  }

  package func stamp(_ pixels: UnsafeMutableBufferPointer<UInt8>, shape: ImageShape) {
    let wave = (0..<shape.width).map { column in
      Float(strength * sin(2 * .pi * Double(column) * frequency / Double(shape.width)))
    }
    var position = 0
    for _ in 0..<shape.height {
      for value in wave {
        for _ in 0..<shape.channels {
          pixels[position] = UInt8(min(255, max(0, Float(pixels[position]) + value)))
          position += 1
        }
      }
    }
  }
}
