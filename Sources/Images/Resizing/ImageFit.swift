/// Height and width, in pixels.
package struct ImageSize: Hashable, Sendable {
  package let height: Int
  package let width: Int

  package init(height: Int, width: Int) {
    precondition(height > 0 && width > 0, "an image has at least one pixel")
    self.height = height
    self.width = width
  }
}

/// How an image of other proportions is brought to a size.
package enum ImageFit: String, CaseIterable, Hashable, Sendable {
  /// Height and width each for itself.
  case stretch
  /// The largest part in the middle that has the right proportions.
  case crop
  /// The whole in the middle, black around it.
  case pad

  /// The rectangle of the source that is shown, and the one of the result that it goes to.
  struct Placement: Hashable {
    var top = 0
    var left = 0
    var height: Int
    var width: Int
    var newTop = 0
    var newLeft = 0
    var newHeight: Int
    var newWidth: Int
  }

  func placement(of source: ImageSize, in size: ImageSize) -> Placement {
    func rounded(_ length: Int, _ numerator: Int, _ denominator: Int) -> Int {
      max(1, Int((Double(length) * Double(numerator) / Double(denominator)).rounded(.toNearestOrEven)))
    }
    var placement = Placement(
      height: source.height, width: source.width, newHeight: size.height, newWidth: size.width)
    switch self {
    case .stretch: break
    case .crop:
      placement.height = min(source.height, rounded(source.width, size.height, size.width))
      placement.width = min(source.width, rounded(source.height, size.width, size.height))
      placement.top = (source.height - placement.height) / 2
      placement.left = (source.width - placement.width) / 2
    case .pad:
      placement.newHeight = min(size.height, rounded(source.height, size.width, source.width))
      placement.newWidth = min(size.width, rounded(source.width, size.height, source.height))
      placement.newTop = (size.height - placement.newHeight) / 2
      placement.newLeft = (size.width - placement.newWidth) / 2
    }
    return placement
  }
}

/// Brings images to one size. Keeps what it has computed for the last source: many have the same.
struct ImageFitter {
  let size: ImageSize
  let fit: ImageFit
  private var last: (source: ImageSize, placement: ImageFit.Placement, resampling: Resampling)?
  private let scratch = ByteBuffer()

  init(size: ImageSize, fit: ImageFit) {
    self.size = size
    self.fit = fit
  }

  /// - Parameters:
  ///   - source: `[height, width, channels]`.
  ///   - target: `[size.height, size.width, channels]`.
  mutating func apply(
    _ source: UnsafePointer<UInt8>, shape: ImageShape, into target: UnsafeMutablePointer<UInt8>
  ) {
    let (placement, resampling) = plan(for: ImageSize(height: shape.height, width: shape.width))
    let channels = shape.channels
    let stride = size.width * channels
    if placement.newHeight < size.height || placement.newWidth < size.width {
      target.update(repeating: 0, count: size.height * stride)
    }
    resampling.apply(
      source + placement.top * shape.rowCount + placement.left * channels,
      stride: shape.rowCount, channels: channels,
      into: target + placement.newTop * stride + placement.newLeft * channels, targetStride: stride,
      scratch: scratch.reserve(resampling.scratchCount(channels: channels)))
  }

  private mutating func plan(for source: ImageSize) -> (ImageFit.Placement, Resampling) {
    if let last, last.source == source { return (last.placement, last.resampling) }
    let placement = fit.placement(of: source, in: size)
    let resampling = Resampling(
      from: ImageSize(height: placement.height, width: placement.width),
      to: ImageSize(height: placement.newHeight, width: placement.newWidth))
    last = (source, placement, resampling)
    return (placement, resampling)
  }
}
