import Compute
import Glibc

/// The random transformations that a score may use, under the names of the published code.
package enum TransformationKind: String, CaseIterable, Hashable, Sendable {
  /// By an angle from U(−180°, 180°).
  case rotate
  /// By round(U(−0.2 W, 0.2 W)) columns and round(U(−0.2 H, 0.2 H)) rows.
  case affine
  /// Left and right swapped, always.
  case flip
  /// A random place in the image with a black border of 4 pixels.
  case crop
  /// Gaussian blur with a standard deviation from U(0.1, 2.0).
  case blur
  /// A rectangle of U(0.2, 0.3) of the area, with a height of 0.5 to 1.0 of its width (log-uniform),
  /// overwritten with standard normal noise.
  case erase

  static let cropPadding = 4

  /// Draws the parameters for an image of `shape`.
  package func sample(for shape: ImageShape, from stream: inout RandomStream) -> Transformation {
    switch self {
    case .rotate:
      return .rotate(degrees: stream.uniform(in: -180...180))
    case .affine:
      let (width, height) = (0.2 * Double(shape.width), 0.2 * Double(shape.height))
      let x = stream.uniform(in: -width...width).rounded(.toNearestOrEven)
      let y = stream.uniform(in: -height...height).rounded(.toNearestOrEven)
      return .translate(x: Int(x), y: Int(y))
    case .flip:
      return .flip
    case .crop:
      return .crop(
        top: stream.integer(below: 2 * Self.cropPadding + 1),
        left: stream.integer(below: 2 * Self.cropPadding + 1), padding: Self.cropPadding)
    case .blur:
      return .blur(sigma: stream.uniform(in: 0.1...2.0))
    case .erase:
      return .erase(sampleErasure(for: shape, from: &stream))
    }
  }

  /// Up to ten tries to find a rectangle that fits in; after that nothing is erased.
  private func sampleErasure(
    for shape: ImageShape, from stream: inout RandomStream
  ) -> Transformation.Erasure {
    for _ in 0..<10 {
      let area = Double(shape.height * shape.width) * stream.uniform(in: 0.2...0.3)
      let aspect = exp(stream.uniform(in: log(0.5)...0))
      let height = Int((area * aspect).squareRoot().rounded(.toNearestOrEven))
      let width = Int((area / aspect).squareRoot().rounded(.toNearestOrEven))
      guard height < shape.height, width < shape.width else { continue }
      let top = stream.integer(below: shape.height - height + 1)
      let left = stream.integer(below: shape.width - width + 1)
      let noise = (0..<height * width * shape.channels).map { _ in Float(stream.normal()) }
      return Transformation.Erasure(
        top: top, left: left, height: height, width: width, noise: noise)
    }
    return Transformation.Erasure(top: 0, left: 0, height: 0, width: 0, noise: [])
  }
}

/// The random transformation τ of the feature consistency towards transformations: one or two kinds,
/// applied one after the other.
package struct RandomTransformation: Hashable, Sendable {
  package var first: TransformationKind
  package var second: TransformationKind?

  /// The published default is to rotate, then to translate.
  package init(_ first: TransformationKind = .rotate, then second: TransformationKind? = .affine) {
    self.first = first
    self.second = second
  }

  /// Draws τ for image `sample`; another `draw` is another, independent τ for the same image.
  package func sample(
    for shape: ImageShape, seed: UInt64, draw: Int = 0, sample: Int
  ) -> [Transformation] {
    var stream = RandomStream(
      seed: seed, purpose: RandomPurpose("transformation"), epoch: draw, sample: sample)
    let transformation = first.sample(for: shape, from: &stream)
    guard let second else { return [transformation] }
    return [transformation, second.sample(for: shape, from: &stream)]
  }
}
