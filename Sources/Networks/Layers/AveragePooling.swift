import Compute

/// The mean over all pixels: `[images, pixels, channels]` to `[images, channels]`.
public struct AveragePooling {
  public let pixels: Int
  public let channels: Int

  public func forward(
    images: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
  ) {
    let factor = 1 / Float(pixels)
    for image in 0..<images {
      let destination = output + image * channels
      destination.update(repeating: 0, count: channels)
      for pixel in 0..<pixels {
        let source = input + (image * pixels + pixel) * channels
        for c in 0..<channels { destination[c] += source[c] }
      }
      for c in 0..<channels { destination[c] *= factor }
    }
  }

  public func backward(
    images: Int, outputGradient: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>
  ) {
    let factor = 1 / Float(pixels)
    for image in 0..<images {
      let source = outputGradient + image * channels
      for pixel in 0..<pixels {
        let destination = inputGradient + (image * pixels + pixel) * channels
        for c in 0..<channels { destination[c] = source[c] * factor }
      }
    }
  }
}
