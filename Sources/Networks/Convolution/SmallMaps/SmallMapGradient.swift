import Compute

/// The backward pass of a convolution between small maps to its weights: for every tap a product
/// over the images and over those pixels where it meets the input.
struct SmallMapGradient {
  private let shape: ConvolutionShape
  private let input: PixelMajor
  private let gradient: PixelMajor

  /// Inputs in a task.
  private static let rowsPerTask = 64

  init(_ shape: ConvolutionShape) {
    self.shape = shape
    input = PixelMajor(pixels: shape.inputHeight * shape.inputWidth, channels: shape.inputChannels)
    gradient = PixelMajor(
      pixels: shape.outputHeight * shape.outputWidth, channels: shape.outputChannels)
  }

  private var inputCount: Int { input.count(images: shape.batch) }
  private var tasksPerTap: Int {
    (shape.inputChannels + Self.rowsPerTask - 1) / Self.rowsPerTask
  }
  private var taskCount: Int { shape.kernel * shape.kernel * tasksPerTap }
  private static let tileCount = 16 * 32

  var commonCount: Int {
    inputCount + gradient.count(images: shape.batch) + taskCount * Self.tileCount
  }

  func run(
    images: Int, input tensor: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    weightGradient: UnsafeMutablePointer<Float>, context: ExecutionContext
  ) {
    let a = context.commonScratch
    let b = a + inputCount
    let tiles = b + gradient.count(images: shape.batch)
    input.sort(tensor, images: images, into: a, pool: context.pool)
    gradient.sort(outputGradient, images: images, into: b, pool: context.pool)
    context.pool.run(taskCount) { task, _ in
      let (tap, block) = task.quotientAndRemainder(dividingBy: tasksPerTap)
      let first = block * Self.rowsPerTask
      multiply(
        tap, rows: first..<min(shape.inputChannels, first + Self.rowsPerTask), images: images, a, b,
        into: weightGradient, tile: tiles + task * Self.tileCount)
    }
  }

  /// The outputs o for which o·stride + tap − padding lies in an input of `size`.
  private func outputs(_ tap: Int, _ size: Int, _ count: Int) -> Range<Int> {
    let first = max(0, (shape.padding - tap + shape.stride - 1) / shape.stride)
    let reach = size - 1 + shape.padding - tap
    let end = reach < 0 ? 0 : min(count, reach / shape.stride + 1)
    return min(first, end)..<end
  }

  private func multiply(
    _ tap: Int, rows: Range<Int>, images: Int, _ a: UnsafePointer<Float>,
    _ b: UnsafePointer<Float>, into weightGradient: UnsafeMutablePointer<Float>,
    tile: UnsafeMutablePointer<Float>
  ) {
    let channels = shape.outputChannels
    let (tapLine, tapColumn) = tap.quotientAndRemainder(dividingBy: shape.kernel)
    let lines = outputs(tapLine, shape.inputHeight, shape.outputHeight)
    let columns = outputs(tapColumn, shape.inputWidth, shape.outputWidth)
    let destination = weightGradient + tap * shape.inputChannels * channels
    if lines.isEmpty || columns.isEmpty {
      (destination + rows.lowerBound * channels).update(repeating: 0, count: rows.count * channels)
      return
    }
    let (strideA, strideB) = (
      input.pixelStride(images: images), gradient.pixelStride(images: images)
    )
    let sum = PanelProduct.Sum(
      outer: lines.count,
      outerStrides: (shape.stride * shape.inputWidth * strideA, shape.outputWidth * strideB),
      middle: columns.count, middleStrides: (shape.stride * strideA, strideB), inner: images)
    let y = lines.lowerBound * shape.stride + tapLine - shape.padding
    let x = columns.lowerBound * shape.stride + tapColumn - shape.padding
    let sourceA = a + (y * shape.inputWidth + x) * strideA
    let sourceB = b + (lines.lowerBound * shape.outputWidth + columns.lowerBound) * strideB
    let padded = (channels + 15) & ~15
    for column in Swift.stride(from: 0, to: padded, by: PanelProduct.width) {
      let width = min(PanelProduct.width, padded - column)
      let valid = min(width, channels - column)
      let height = PanelProduct.rows(forWidth: width)
      for row in Swift.stride(from: rows.lowerBound, to: rows.upperBound, by: height) {
        let isWhole = row + height <= rows.upperBound && valid == width
        let place = destination + row * channels + column
        let (c, strideC) = isWhole ? (place, channels) : (tile, width)
        if width == 32 {
          PanelProduct.multiplyTransposed32(
            sum, sourceA + row, stride: input.rowStride, sourceB + column,
            stride: gradient.rowStride, into: c, stride: strideC, accumulates: false)
        } else {
          PanelProduct.multiplyTransposed16(
            sum, sourceA + row, stride: input.rowStride, sourceB + column,
            stride: gradient.rowStride, into: c, stride: strideC, accumulates: false)
        }
        if !isWhole {
          PanelTile.copy(
            tile, stride: width, rows: min(height, rows.upperBound - row), columns: valid,
            into: place, stride: channels, accumulates: false)
        }
      }
    }
  }
}
