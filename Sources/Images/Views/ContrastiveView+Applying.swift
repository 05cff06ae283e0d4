extension ContrastiveView {
  /// The view of `image` as bytes: what torchvision makes of a Pillow image.
  ///
  /// The crop lies within the image. Of the changes of colours, grey images get those of brightness and
  /// contrast, as with torchvision; images with two channels, or more than three, get none.
  package func callAsFunction(_ image: Image<UInt8>) -> Image<UInt8> {
    let shape = image.shape
    let pixels = shape.height * shape.width
    var result = image
    withUnsafeTemporaryAllocation(byteCount: Scratch.byteCount(for: shape), alignment: 64) { memory in
      guard let base = memory.baseAddress else { return }
      let scratch = Scratch(base, for: shape)
      image.pixels.withUnsafeBufferPointer { source in
        guard let source = source.baseAddress else { return }
        render(source, shape: shape, scratch: scratch)
      }
      for pixel in 0..<pixels {
        for channel in 0..<shape.channels {
          result.pixels[pixel * shape.channels + channel] = UInt8(
            scratch.planes[channel * pixels + pixel])
        }
      }
    }
    return result
  }

  /// Memory for `render`.
  struct Scratch {
    fileprivate let numbers: UnsafeMutablePointer<Int32>
    /// Where views are written to, `[channels, height, width]`, with room for one plane more.
    let planes: UnsafeMutablePointer<Float>

    static func byteCount(for shape: ImageShape) -> Int {
      4 * (Enlargement.scratchCount(shape) + planeCount(shape))
    }

    private static func planeCount(_ shape: ImageShape) -> Int {
      shape.count + shape.height * shape.width
    }

    /// - Parameter memory: `byteCount` bytes, aligned to 64.
    init(_ memory: UnsafeMutableRawPointer, for shape: ImageShape) {
      let count = Enlargement.scratchCount(shape)
      numbers = memory.bindMemory(to: Int32.self, capacity: count)
      planes = (memory + 4 * count).bindMemory(to: Float.self, capacity: Self.planeCount(shape))
    }
  }

  /// Writes the view to the planes of `scratch` as whole numbers from 0 to 255.
  func render(_ source: UnsafePointer<UInt8>, shape: ImageShape, scratch: Scratch) {
    let planes = scratch.planes
    precondition(
      crop.top >= 0 && crop.left >= 0 && crop.height > 0 && crop.width > 0
        && crop.top + crop.height <= shape.height && crop.left + crop.width <= shape.width)
    Enlargement.apply(self, to: source, shape: shape, scratch: scratch.numbers, planes: planes)
    let pixels = shape.height * shape.width
    switch shape.channels {
    case 3:
      let colours = ColourPlanes(planes, count: pixels)
      for change in colourChanges { colours.apply(change) }
      if isGrey { colours.makeGrey() }
    case 1:
      let grey = GreyPlane(values: planes, count: pixels)
      for change in colourChanges { grey.apply(change) }
    default:
      break
    }
  }
}
