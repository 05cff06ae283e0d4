import Compute
import Glibc

/// A view of an image as contrastive learning wants it, with all its parameters fixed: a part of the
/// image at full size, perhaps mirrored, in other colours (method 5.3).
package struct ContrastiveView: Hashable, Sendable {
  /// The rectangle that is enlarged to the size of the image, in pixels.
  package var crop: Crop
  /// Whether left and right are swapped.
  package var isFlipped: Bool
  /// What happens to the colours, in this order.
  package var colourChanges: ColourChanges
  /// Whether only the brightness of each pixel is left in the end.
  package var isGrey: Bool

  package struct Crop: Hashable, Sendable {
    package var top: Int
    package var left: Int
    package var height: Int
    package var width: Int

    package init(top: Int, left: Int, height: Int, width: Int) {
      self.top = top
      self.left = left
      self.height = height
      self.width = width
    }
  }

  /// A change of all pixels; a factor of 1 and a shift of 0 change nothing.
  package enum ColourChange: Hashable, Sendable {
    /// Away from black.
    case brightness(Float)
    /// Away from the mean grey of the image.
    case contrast(Float)
    /// Away from each pixel's own grey.
    case saturation(Float)
    /// Around the circle of hues, as a share of it.
    case hue(Double)
  }

  package init(crop: Crop, isFlipped: Bool = false, colourChanges: [ColourChange] = [], isGrey: Bool = false) {
    self.crop = crop
    self.isFlipped = isFlipped
    self.colourChanges = ColourChanges(colourChanges)
    self.isGrey = isGrey
  }
}

extension ContrastiveView {
  /// Draws view number `view` of image `sample` in `epoch`: a function of these and the seed alone.
  package static func sample(
    for shape: ImageShape, seed: UInt64, epoch: Int, sample: Int, view: Int
  ) -> ContrastiveView {
    var stream = RandomStream(
      seed: seed, purpose: RandomPurpose("contrastive view"), epoch: epoch,
      sample: 2 * sample + view)
    var result = ContrastiveView(
      crop: sampleCrop(of: shape, from: &stream), isFlipped: stream.uniform() < 0.5)
    if stream.uniform() < 0.8 {
      var changes = ColourChanges(
        .brightness(Float(stream.uniform(in: 0.6...1.4))),
        .contrast(Float(stream.uniform(in: 0.6...1.4))),
        .saturation(Float(stream.uniform(in: 0.6...1.4))),
        .hue(stream.uniform(in: -0.1...0.1)))
      for last in (1...3).reversed() { changes.swapAt(last, stream.integer(below: last + 1)) }
      result.colourChanges = changes
    }
    result.isGrey = stream.uniform() < 0.2
    return result
  }

  /// A rectangle of 20 to 100% of the area whose width is 3/4 to 4/3 of its height. After ten tries
  /// that did not fit in, the largest one in the middle.
  private static func sampleCrop(of shape: ImageShape, from stream: inout RandomStream) -> Crop {
    let aspects = (least: 3.0 / 4, most: 4.0 / 3)
    let area = Double(shape.height * shape.width)
    for _ in 0..<10 {
      let target = area * stream.uniform(in: 0.2...1)
      let aspect = exp(stream.uniform(in: log(aspects.least)...log(aspects.most)))
      let width = Int((target * aspect).squareRoot().rounded(.toNearestOrEven))
      let height = Int((target / aspect).squareRoot().rounded(.toNearestOrEven))
      guard (1...shape.width).contains(width), (1...shape.height).contains(height) else { continue }
      return Crop(
        top: stream.integer(below: shape.height - height + 1),
        left: stream.integer(below: shape.width - width + 1), height: height, width: width)
    }
    let (height, width) = (Double(shape.height), Double(shape.width))
    let cropWidth = Int(min(width, (height * aspects.most).rounded(.toNearestOrEven)))
    let cropHeight = Int(min(height, (width / aspects.least).rounded(.toNearestOrEven)))
    return Crop(
      top: (shape.height - cropHeight) / 2, left: (shape.width - cropWidth) / 2,
      height: cropHeight, width: cropWidth)
  }
}
