import Compute

/// The backward pass of a direct convolution to its weights.
///
/// Strips of the input are copied as for the forward pass; the inputs that one line of the kernel
/// meets are adjacent in them, so that a line's taps and inputs are the rows of one product over all
/// pixels of a strip. Sums are formed in a few parts side by side, which are added up at the end.
struct StripGradient {
  private let shape: ConvolutionShape
  private let strips: Strips

  /// Weight gradients are summed in so many parts, or in fewer when that needs too much memory.
  private static let partCount = 16
  private static let partCapacity = 4 << 20

  init(_ shape: ConvolutionShape, strips: Strips) {
    self.shape = shape
    self.strips = strips
  }

  private var paddedOutputs: Int { (shape.outputChannels + 15) & ~15 }
  /// Weights in a line of the kernel, for each output.
  private var rows: Int { shape.kernel * shape.inputChannels }
  private var paddedRows: Int { (rows + 15) & ~15 }
  private var partSize: Int { shape.kernel * paddedRows * paddedOutputs }
  private var parts: Int { max(2, min(Self.partCount, Self.partCapacity / max(partSize, 1))) }

  var commonCount: Int { parts * partSize }

  func run(
    images: Int, input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    weightGradient: UnsafeMutablePointer<Float>, context: ExecutionContext
  ) {
    let count = strips.count(ofImages: images)
    let blocks = Blocks(count, ofAtMost: (count + parts - 1) / max(parts, 1))
    let sums = context.commonScratch
    context.pool.run(blocks.blockCount) { part, worker in
      let padded = context.scratch(of: worker)
      for index in blocks[part] {
        let strip = strips.strip(index, ofImages: images)
        strips.copySource(strip, of: input, into: padded)
        add(
          strip, padded: padded, outputGradient: outputGradient,
          to: sums + part * partSize, isFirst: index == blocks[part].lowerBound)
      }
    }
    addUp(sums, parts: blocks.blockCount, into: weightGradient, pool: context.pool)
  }

  private func add(
    _ strip: Strips.Strip, padded: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    to sums: UnsafeMutablePointer<Float>, isFirst: Bool
  ) {
    let (outputs, lineLength) = (shape.outputChannels, strips.pass.lineLength)
    let imageSize = shape.outputHeight * shape.outputWidth * outputs
    let sum = PanelProduct.Sum(
      outer: strip.images.count, outerStrides: (strips.imageLength, imageSize),
      middle: strip.lines.count,
      middleStrides: (shape.stride * lineLength, shape.outputWidth * outputs),
      inner: shape.outputWidth)
    let gradient =
      outputGradient + strip.images.lowerBound * imageSize
      + strip.lines.lowerBound * shape.outputWidth * outputs
    for line in 0..<shape.kernel {
      let source = padded + line * lineLength
      let destination = sums + line * paddedRows * paddedOutputs
      var column = 0
      while column < paddedOutputs {
        let isWide = paddedOutputs - column >= 32
        var row = 0
        while row < rows {
          let place = destination + row * paddedOutputs + column
          if isWide {
            PanelProduct.multiplyTransposed32(
              sum, source + row, stride: shape.stride * shape.inputChannels, gradient + column,
              stride: outputs, into: place, stride: paddedOutputs, accumulates: !isFirst)
          } else {
            PanelProduct.multiplyTransposed16(
              sum, source + row, stride: shape.stride * shape.inputChannels, gradient + column,
              stride: outputs, into: place, stride: paddedOutputs, accumulates: !isFirst)
          }
          row += isWide ? 8 : 16
        }
        column += 32
      }
    }
  }

  private func addUp(
    _ sums: UnsafePointer<Float>, parts: Int, into weightGradient: UnsafeMutablePointer<Float>,
    pool: WorkerPool
  ) {
    let outputs = shape.outputChannels
    let blocks = Blocks(shape.kernel * rows, ofAtMost: max(1, 8192 / max(outputs, 1)))
    pool.run(blocks.blockCount) { block, _ in
      for index in blocks[block] {
        let (line, row) = index.quotientAndRemainder(dividingBy: rows)
        let source = sums + (line * paddedRows + row) * paddedOutputs
        let destination = weightGradient + index * outputs
        func body<Lanes: FloatLanes>(_ type: Lanes.Type, _ output: Int) {
          var sum = Lanes(at: source + output)
          for part in 1..<max(parts, 1) { sum = sum + Lanes(at: source + (part * partSize + output)) }
          sum.store(at: destination + output)
        }
        forEachLanes(outputs) { body(SIMD16<Float>.self, $0) } one: { body(Float.self, $0) }
      }
    }
  }
}
