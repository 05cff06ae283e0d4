import Compute

/// The mean over all pixels: `[images, pixels, channels]` to `[images, channels]`.
public struct AveragePooling {
  public let pixels: Int
  public let channels: Int

  public func forward(
    images: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
  ) {
    let (pixels, channels) = (pixels, channels)
    for image in 0..<images {
      func body<Lanes: FloatLanes>(_ type: Lanes.Type, _ c: Int) {
        var sum = Lanes(repeating: 0)
        for pixel in 0..<pixels { sum = sum + Lanes(at: input + ((image * pixels + pixel) * channels + c)) }
        (sum * Lanes(repeating: 1 / Float(pixels))).store(at: output + (image * channels + c))
      }
      forEachLanes(channels) { body(SIMD16<Float>.self, $0) } one: { body(Float.self, $0) }
    }
  }

  public func backward(
    images: Int, outputGradient: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>
  ) {
    let (pixels, channels) = (pixels, channels)
    for image in 0..<images {
      func body<Lanes: FloatLanes>(_ type: Lanes.Type, _ c: Int) {
        let share =
          Lanes(at: outputGradient + (image * channels + c)) * Lanes(repeating: 1 / Float(pixels))
        for pixel in 0..<pixels {
          share.store(at: inputGradient + ((image * pixels + pixel) * channels + c))
        }
      }
      forEachLanes(channels) { body(SIMD16<Float>.self, $0) } one: { body(Float.self, $0) }
    }
  }
}
