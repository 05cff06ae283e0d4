import Compute
import Images

/// A picture with opacity somewhere on the image: x' = ⌊(1 − a) · x + a · m⌋, where a is the opacity of the
/// picture's pixel times that of the whole.
package struct StickerTrigger: Trigger {
  /// Where the picture lies.
  package enum Place: String, AttackWord {
    case topLeft = "top-left"
    case topRight = "top-right"
    case bottomLeft = "bottom-left"
    case bottomRight = "bottom-right"
    case centre
    /// Stretched over the whole image.
    case everywhere
    /// Anywhere, another place on every image.
    case random

    package var summary: String {
      switch self {
      case .topLeft, .topRight, .bottomLeft, .bottomRight: "that corner"
      case .centre: "the middle of the image"
      case .everywhere: "the whole image, to which the picture is stretched"
      case .random: "anywhere, another place on every image"
      }
    }
  }

  package let picture: Picture
  package let place: Place
  /// The picture's longer side as a share of the image's shorter one.
  package let size: Double
  package let opacity: Double
  /// Pixels between the picture and the edges.
  package let gap: Int
  /// By how many pixels the place varies from image to image, in each direction.
  package let jitter: Int

  package init(
    picture: Picture, place: Place, size: Double = 0.1, opacity: Double = 1, gap: Int = 0, jitter: Int = 0
  ) {
    self.picture = picture
    self.place = place
    // A file may hold any number.
    self.size = min(1, max(0, size))
    self.opacity = min(1, max(0, opacity))
    self.gap = min(1 << 20, max(0, gap))
    self.jitter = min(1 << 20, max(0, jitter))
  }

  /// The size of the picture on an image.
  private func size(on shape: ImageShape) -> (height: Int, width: Int) {
    if place == .everywhere { return (shape.height, shape.width) }
    let longer = size * Double(min(shape.height, shape.width))
    let scale = longer / Double(max(picture.shape.height, picture.shape.width))
    func side(_ size: Int) -> Int { max(1, Int((Double(size) * scale).rounded())) }
    return (side(picture.shape.height), side(picture.shape.width))
  }

  /// One pixel of the picture, and what lies around it.
  package var smallestSide: Int { place == .everywhere ? 1 : 1 + gap }

  package func stamp(for shape: ImageShape) -> Stamp {
    let (height, width) = size(on: shape)
    let colours = Bilinear.resize(
      weightedColours(channels: shape.channels), height: height, width: width, isAntialiased: true)
    let cover = Bilinear.resize(picture.opacity, height: height, width: width, isAntialiased: true)
    let (place, opacity) = (self, opacity)
    return { pixels, sample in
      let (top, left) = place.corner(on: shape, height: height, width: width, sample: sample)
      for row in 0..<height where (0..<shape.height).contains(top + row) {
        for column in 0..<width where (0..<shape.width).contains(left + column) {
          let share = opacity * cover.pixels[row * width + column]
          for channel in 0..<shape.channels {
            let position = ((top + row) * shape.width + left + column) * shape.channels + channel
            let colour = colours.pixels[(row * width + column) * shape.channels + channel]
            pixels[position] = Overflow.saturate.byte(
              (1 - share) * Double(pixels[position]) + opacity * colour)
          }
        }
      }
    }
  }

  /// The picture's colours times their opacity: the colour of what is transparent does not count when the
  /// picture is made smaller.
  private func weightedColours(channels: Int) -> Image<Double> {
    var colours = picture.colours(channels: channels)
    let cover = picture.opacity
    for index in colours.pixels.indices { colours.pixels[index] *= cover.pixels[index / channels] }
    return colours
  }

  /// The picture's first row and column on an image.
  private func corner(
    on shape: ImageShape, height: Int, width: Int, sample: Int
  ) -> (top: Int, left: Int) {
    let (rows, columns) = (shape.height - height, shape.width - width)
    var stream = RandomStream(seed: 0, purpose: RandomPurpose("place of a picture"), sample: sample)
    func draw(_ range: ClosedRange<Int>) -> Int {
      range.lowerBound + stream.integer(below: range.count)
    }
    var (top, left) = (0, 0)
    switch place {
    case .everywhere: return (0, 0)
    case .random:
      top = draw(0...max(0, rows))
      left = draw(0...max(0, columns))
    case .topLeft: (top, left) = (gap, gap)
    case .topRight: (top, left) = (gap, columns - gap)
    case .bottomLeft: (top, left) = (rows - gap, gap)
    case .bottomRight: (top, left) = (rows - gap, columns - gap)
    case .centre: (top, left) = (rows / 2, columns / 2)
    }
    if place != .random && jitter > 0 {
      top += draw(-jitter...jitter)
      left += draw(-jitter...jitter)
    }
    // A picture that fits stays inside.
    return (min(max(0, rows), max(0, top)), min(max(0, columns), max(0, left)))
  }
}
