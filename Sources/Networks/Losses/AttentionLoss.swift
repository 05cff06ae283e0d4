import Compute

/// Neural attention distillation (Li et al. 2021, NAD): how far the attention maps of two networks differ.
///
/// The attention map of an image at some layer is A = Σ_c F_c², `[pixels]`, over (‖A‖ + 10⁻⁶); the loss is
/// the mean of the squared differences over all images and pixels.
package struct AttentionLoss: Sendable {
  /// The factor of this loss in the whole.
  package let weight: Double

  private static let epsilon = 1e-6

  package init(weight: Double = 1) { self.weight = weight }

  /// Measures the loss and writes the gradient with respect to the student's maps.
  ///
  /// - Parameters:
  ///   - shape: of an image's maps.
  ///   - student, teacher: `[images, height, width, channels]`
  ///   - gradient: of the same shape.
  /// - Returns: the loss without its weight.
  package func evaluate(
    images: Int, shape: MapShape, student: UnsafePointer<Float>, teacher: UnsafePointer<Float>,
    gradient: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) -> Double {
    let (pixels, channels) = (shape.pixels, shape.channels)
    let losses = UnsafeMutablePointer<Double>.allocate(capacity: max(images, 1))
    defer { losses.deallocate() }
    let scale = 2 * weight / Double(max(images, 1) * pixels)
    pool.run(images) { image, _ in
      let start = image * shape.count
      let own = Self.attention(student + start, shape: shape)
      let other = Self.attention(teacher + start, shape: shape)
      var (square, product) = (0.0, 0.0)
      for pixel in 0..<pixels {
        let difference = own.map[pixel] / own.divisor - other.map[pixel] / other.divisor
        square += difference * difference
        product += scale * difference * own.map[pixel]
      }
      losses[image] = square
      // With â = A/(n + ε) and u the gradient at â: u/(n + ε) − A·(u·A)/(n·(n + ε)²) at A, times 2F at F.
      let shrink = own.length > 0 ? product / (own.length * own.divisor * own.divisor) : 0
      for pixel in 0..<pixels {
        let difference = own.map[pixel] / own.divisor - other.map[pixel] / other.divisor
        let slope = Float(2 * (scale * difference / own.divisor - own.map[pixel] * shrink))
        let place = start + pixel * channels
        for c in 0..<channels { gradient[place + c] = slope * student[place + c] }
      }
    }
    var sum = 0.0
    for image in 0..<images { sum += losses[image] }
    return sum / Double(max(images, 1) * pixels)
  }

  /// The attention map of an image before it is divided, its length, and what it is divided by.
  private static func attention(
    _ values: UnsafePointer<Float>, shape: MapShape
  ) -> (map: [Double], length: Double, divisor: Double) {
    var map = [Double](repeating: 0, count: shape.pixels)
    var square = 0.0
    for pixel in 0..<shape.pixels {
      var sum = 0.0
      for c in 0..<shape.channels {
        let value = Double(values[pixel * shape.channels + c])
        sum += value * value
      }
      map[pixel] = sum
      square += sum * sum
    }
    let length = square.squareRoot()
    return (map, length, length + epsilon)
  }
}
