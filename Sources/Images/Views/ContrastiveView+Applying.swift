extension ContrastiveView {
  /// The view of `image` as bytes: what torchvision makes of a Pillow image.
  ///
  /// The crop lies within the image. Colours are left alone where there are not three channels.
  public func callAsFunction(_ image: Image<UInt8>) -> Image<UInt8> {
    let shape = image.shape
    let pixels = shape.height * shape.width
    var result = image
    withScratch(for: shape) { scratch, planes in
      image.pixels.withUnsafeBufferPointer { source in
        guard let source = source.baseAddress else { return }
        render(source, shape: shape, scratch: scratch, planes: planes)
      }
      for pixel in 0..<pixels {
        for channel in 0..<shape.channels {
          result.pixels[pixel * shape.channels + channel] = UInt8(planes[channel * pixels + pixel])
        }
      }
    }
    return result
  }

  /// Writes the view to `planes`, `[channels, height, width]` (with room for one plane more), as whole
  /// numbers from 0 to 255.
  func render(
    _ source: UnsafePointer<UInt8>, shape: ImageShape, scratch: UnsafeMutablePointer<Int32>,
    planes: UnsafeMutablePointer<Float>
  ) {
    precondition(
      crop.top >= 0 && crop.left >= 0 && crop.height > 0 && crop.width > 0
        && crop.top + crop.height <= shape.height && crop.left + crop.width <= shape.width)
    Enlargement.apply(self, to: source, shape: shape, scratch: scratch, planes: planes)
    guard shape.channels == 3 else { return }
    let colours = ColourPlanes(planes, count: shape.height * shape.width)
    for change in colourChanges { colours.apply(change) }
    if isGrey { colours.makeGrey() }
  }
}

/// Calls `body` with memory for `ContrastiveView.render`.
func withScratch<Result>(
  for shape: ImageShape,
  _ body: (_ scratch: UnsafeMutablePointer<Int32>, _ planes: UnsafeMutablePointer<Float>) -> Result
) -> Result {
  let planes = shape.count + shape.height * shape.width
  let scratch = Enlargement.scratchCount(shape)
  return withUnsafeTemporaryAllocation(
    byteCount: 4 * (planes + scratch), alignment: 64
  ) { memory in
    guard let base = memory.baseAddress else { preconditionFailure("an image has values") }
    return body(
      base.bindMemory(to: Int32.self, capacity: scratch),
      (base + 4 * scratch).bindMemory(to: Float.self, capacity: planes))
  }
}
