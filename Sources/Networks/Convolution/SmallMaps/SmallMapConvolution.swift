import Compute

/// A convolution between maps of very few pixels, in which most of a kernel hangs over the edge.
///
/// For every pixel of the result only those taps are taken that meet a pixel of the source: on a map
/// of 2x2, four of the nine of a 3x3 kernel. The rows of the products are images, so the source is
/// first sorted by pixel instead of by image.
package final class SmallMapConvolution: ConvolutionAlgorithm {
  package let shape: ConvolutionShape
  private let context: ExecutionContext
  private let forwardPass: SmallMapPass
  private let backwardPass: SmallMapPass
  private let gradientPass: SmallMapGradient

  package init(shape: ConvolutionShape, context: ExecutionContext) {
    self.shape = shape
    self.context = context
    forwardPass = SmallMapPass(forward: shape)
    backwardPass = SmallMapPass(backward: shape)
    gradientPass = SmallMapGradient(shape)
    context.reserveScratch(max(forwardPass.scratchCount, backwardPass.scratchCount))
    context.reserveCommonScratch(
      max(
        forwardPass.source.count(images: shape.batch),
        backwardPass.source.count(images: shape.batch), gradientPass.commonCount))
  }

  package func forward(
    images: Int, input: UnsafePointer<Float>, weights: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>, step: OutputStep
  ) {
    forwardPass.run(
      images: images, source: input, weights: weights, result: output, accumulates: false,
      context: context)
    step.apply(
      toAll: images * shape.outputHeight * shape.outputWidth, of: output,
      channels: shape.outputChannels, pool: context.pool)
  }

  package func backwardToInput(
    images: Int, outputGradient: UnsafePointer<Float>, weights: UnsafePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>, accumulate: Bool
  ) {
    backwardPass.run(
      images: images, source: outputGradient, weights: weights, result: inputGradient,
      accumulates: accumulate, context: context)
  }

  package func backwardToWeights(
    images: Int, input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    weightGradient: UnsafeMutablePointer<Float>
  ) {
    gradientPass.run(
      images: images, input: input, outputGradient: outputGradient,
      weightGradient: weightGradient, context: context)
  }
}

/// A tensor sorted by pixel: `[pixels, images, rowStride]`.
struct PixelMajor {
  let pixels: Int
  let channels: Int

  /// Channels filled up to whole vectors; not a multiple of 512 bytes, lest the same channel of all
  /// images falls into a few sets of the cache.
  var rowStride: Int {
    let padded = (channels + 15) & ~15
    return padded % 128 == 0 ? padded + 16 : padded
  }

  /// Rows of a pixel: the images, filled up to what a product takes.
  static func rows(images: Int) -> Int { (images + 15) & ~15 }

  /// From a pixel to the next.
  func pixelStride(images: Int) -> Int { Self.rows(images: images) * rowStride }

  func count(images: Int) -> Int { pixels * pixelStride(images: images) + 80 }

  /// Sorts `[images, pixels, channels]`.
  func sort(
    _ tensor: UnsafePointer<Float>, images: Int, into sorted: UnsafeMutablePointer<Float>,
    pool: WorkerPool
  ) {
    let stride = pixelStride(images: images)
    let blocks = Blocks(images, ofAtMost: 8)
    pool.run(blocks.blockCount) { block, _ in
      for image in blocks[block] {
        for pixel in 0..<pixels {
          (sorted + pixel * stride + image * rowStride).update(
            from: tensor + (image * pixels + pixel) * channels, count: channels)
        }
      }
    }
  }
}
