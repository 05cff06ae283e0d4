import Compute

/// A convolution of any shape as matrix products over copied patches (im2col), strip by strip.
///
/// A strip is as many lines of output pixels as have patches that fit the second-level cache.
public final class GeneralConvolution: ConvolutionAlgorithm {
  public let shape: ConvolutionShape
  private let context: ExecutionContext
  private let lines: PatchLines
  /// Output lines whose patches are worked on at once.
  private let linesPerStrip: Int
  private let partialGradients: FloatBuffer?

  /// Floats of patches in a strip: 512 KiB.
  private static let stripCapacity = 1 << 17
  /// Weight gradients up to this size are summed per block of strips; larger ones are split by tap.
  private static let partialCapacity = 1 << 16
  private static let partialBlocks = 16

  public init(shape: ConvolutionShape, context: ExecutionContext) {
    self.shape = shape
    self.context = context
    lines = PatchLines(shape)
    let perLine = shape.outputWidth * shape.patch
    // A few hundred pixels are enough to make a product efficient.
    let enough = (511 + shape.outputWidth) / shape.outputWidth
    linesPerStrip = max(1, min(Self.stripCapacity / max(perLine, 1), enough))
    context.reserveScratch(linesPerStrip * max(perLine, shape.outputWidth * shape.inputChannels))
    partialGradients =
      shape.weightCount <= Self.partialCapacity
      ? FloatBuffer(count: Self.partialBlocks * shape.weightCount) : nil
  }

  /// A 1x1 convolution of stride 1 reads its input as the matrix of patches.
  private var isPointwise: Bool { shape.kernel == 1 && shape.stride == 1 && shape.padding == 0 }

  public func forward(
    images: Int, input: UnsafePointer<Float>, weights: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>
  ) {
    let strips = Blocks(images * shape.outputHeight, ofAtMost: linesPerStrip)
    context.pool.run(strips.blockCount) { strip, worker in
      let range = strips[strip]
      let pixels = range.count * shape.outputWidth
      let patches = self.patches(of: range, input: input, worker: worker)
      MatrixProduct.multiply(
        rows: pixels, columns: shape.outputChannels, inner: shape.patch,
        patches, stride: shape.patch, weights, stride: shape.outputChannels,
        into: output + range.lowerBound * shape.outputWidth * shape.outputChannels,
        stride: shape.outputChannels)
    }
  }

  public func backwardToInput(
    images: Int, outputGradient: UnsafePointer<Float>, weights: UnsafePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>, accumulate: Bool
  ) {
    if isPointwise {
      let strips = Blocks(images * shape.outputHeight, ofAtMost: linesPerStrip)
      context.pool.run(strips.blockCount) { strip, _ in
        multiplyByWeights(
          strips[strip], outputGradient, weights,
          into: inputGradient + strips[strip].lowerBound * shape.outputWidth * shape.inputChannels,
          beta: accumulate ? 1 : 0)
      }
      return
    }
    // Patches of neighbouring lines overlap in the input, but those of two images never do.
    let groups = Blocks(images, ofAtMost: max(1, linesPerStrip / shape.outputHeight))
    let imageSize = shape.inputHeight * shape.inputWidth * shape.inputChannels
    context.pool.run(groups.blockCount) { group, worker in
      let members = groups[group]
      if !accumulate {
        (inputGradient + members.lowerBound * imageSize)
          .update(repeating: 0, count: members.count * imageSize)
      }
      let patches = context.scratch(of: worker)
      var line = members.lowerBound * shape.outputHeight
      let end = members.upperBound * shape.outputHeight
      while line < end {
        let range = line..<min(line + linesPerStrip, end)
        multiplyByWeights(range, outputGradient, weights, into: patches, beta: 0)
        lines.scatter(patches, of: range, addingTo: inputGradient)
        line = range.upperBound
      }
    }
  }

  public func backwardToWeights(
    images: Int, input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    weightGradient: UnsafeMutablePointer<Float>
  ) {
    if let partialGradients {
      sumPartialGradients(
        partialGradients, images: images, input: input, outputGradient: outputGradient,
        weightGradient: weightGradient)
    } else {
      gradientByTap(
        images: images, input: input, outputGradient: outputGradient,
        weightGradient: weightGradient)
    }
  }

  private func patches(
    of range: Range<Int>, input: UnsafePointer<Float>, worker: Int
  ) -> UnsafePointer<Float> {
    if isPointwise { return input + range.lowerBound * shape.outputWidth * shape.inputChannels }
    let scratch = context.scratch(of: worker)
    lines.gather(range, from: input, into: scratch)
    return UnsafePointer(scratch)
  }

  /// patches = outputGradient · weightsᵀ for a range of output lines.
  private func multiplyByWeights(
    _ range: Range<Int>, _ outputGradient: UnsafePointer<Float>, _ weights: UnsafePointer<Float>,
    into patches: UnsafeMutablePointer<Float>, beta: Float
  ) {
    MatrixProduct.multiply(
      rows: range.count * shape.outputWidth, columns: shape.patch, inner: shape.outputChannels,
      outputGradient + range.lowerBound * shape.outputWidth * shape.outputChannels,
      stride: shape.outputChannels,
      weights, stride: shape.outputChannels,
      into: patches, stride: shape.patch, beta: beta, transposingSecond: true)
  }

  /// Small weights: one partial sum per block of lines, added up in the blocks' order.
  private func sumPartialGradients(
    _ partials: FloatBuffer, images: Int, input: UnsafePointer<Float>,
    outputGradient: UnsafePointer<Float>, weightGradient: UnsafeMutablePointer<Float>
  ) {
    let lineCount = images * shape.outputHeight
    let perBlock = (lineCount + Self.partialBlocks - 1) / Self.partialBlocks
    let blocks = Blocks(lineCount, ofAtMost: max(perBlock, linesPerStrip))
    context.pool.run(blocks.blockCount) { block, worker in
      let partial = partials.pointer + block * shape.weightCount
      var line = blocks[block].lowerBound
      while line < blocks[block].upperBound {
        let range = line..<min(line + linesPerStrip, blocks[block].upperBound)
        let patches = self.patches(of: range, input: input, worker: worker)
        MatrixProduct.multiply(
          rows: shape.patch, columns: shape.outputChannels, inner: range.count * shape.outputWidth,
          patches, stride: shape.patch,
          outputGradient + line * shape.outputWidth * shape.outputChannels,
          stride: shape.outputChannels,
          into: partial, stride: shape.outputChannels,
          beta: line == blocks[block].lowerBound ? 0 : 1, transposingFirst: true)
        line = range.upperBound
      }
    }
    for index in 0..<shape.weightCount {
      var sum: Float = 0
      for block in 0..<blocks.blockCount { sum += partials.pointer[block * shape.weightCount + index] }
      weightGradient[index] = sum
    }
  }

  /// Large weights: every tap of the kernel is a task of its own that walks over all lines.
  private func gradientByTap(
    images: Int, input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    weightGradient: UnsafeMutablePointer<Float>
  ) {
    let end = images * shape.outputHeight
    context.pool.run(shape.kernel * shape.kernel) { tap, worker in
      let gathered = context.scratch(of: worker)
      let destination = weightGradient + tap * shape.inputChannels * shape.outputChannels
      var line = 0
      while line < end {
        let range = line..<min(line + linesPerStrip, end)
        lines.gather(range, tap: tap, from: input, into: gathered)
        MatrixProduct.multiply(
          rows: shape.inputChannels, columns: shape.outputChannels,
          inner: range.count * shape.outputWidth,
          gathered, stride: shape.inputChannels,
          outputGradient + line * shape.outputWidth * shape.outputChannels,
          stride: shape.outputChannels,
          into: destination, stride: shape.outputChannels, beta: line == 0 ? 0 : 1,
          transposingFirst: true)
        line = range.upperBound
      }
    }
  }
}
