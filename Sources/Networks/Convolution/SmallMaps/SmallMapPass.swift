import Compute

/// The forward pass of a convolution between small maps, or the backward one to its input.
struct SmallMapPass {
  let source: PixelMajor
  private let panels: KernelPanels
  private let kernel: Int
  private let sourceWidth: Int
  /// The taps that reach each line and each column of the result.
  private let lines: [Reach]
  private let columns: [Reach]

  /// Taps `tap`, `tap` + `tapStep`, … and the places in the source that they meet.
  private struct Reach {
    let tap: Int
    let tapStep: Int
    let source: Int
    let sourceStep: Int
    let count: Int
  }

  /// Images in a task.
  private static let imagesPerTask = 64
  private static let tileCount = 16 * 32

  init(forward shape: ConvolutionShape) {
    // Result o meets source o·stride + t − padding by tap t.
    func reach(_ result: Int, _ size: Int) -> Reach {
      let first = max(0, shape.padding - result * shape.stride)
      let end = min(shape.kernel, size + shape.padding - result * shape.stride)
      return Reach(
        tap: first, tapStep: 1, source: result * shape.stride + first - shape.padding,
        sourceStep: 1, count: max(0, end - first))
    }
    lines = (0..<shape.outputHeight).map { reach($0, shape.inputHeight) }
    columns = (0..<shape.outputWidth).map { reach($0, shape.inputWidth) }
    source = PixelMajor(
      pixels: shape.inputHeight * shape.inputWidth, channels: shape.inputChannels)
    sourceWidth = shape.inputWidth
    kernel = shape.kernel
    panels = KernelPanels(
      inputs: shape.inputChannels, outputs: shape.outputChannels, isTransposed: false)
  }

  init(backward shape: ConvolutionShape) {
    // Input y meets output (y + padding − t) / stride by tap t, where that is whole.
    func reach(_ input: Int, _ outputs: Int) -> Reach {
      let taps = (0..<shape.kernel).filter { tap in
        let place = input + shape.padding - tap
        return place >= 0 && place % shape.stride == 0 && place / shape.stride < outputs
      }
      let first = taps.first ?? 0
      return Reach(
        tap: first, tapStep: shape.stride, source: (input + shape.padding - first) / shape.stride,
        sourceStep: -1, count: taps.count)
    }
    lines = (0..<shape.inputHeight).map { reach($0, shape.outputHeight) }
    columns = (0..<shape.inputWidth).map { reach($0, shape.outputWidth) }
    source = PixelMajor(
      pixels: shape.outputHeight * shape.outputWidth, channels: shape.outputChannels)
    sourceWidth = shape.outputWidth
    kernel = shape.kernel
    panels = KernelPanels(
      inputs: shape.inputChannels, outputs: shape.outputChannels, isTransposed: true)
  }

  /// A panel with all its taps, and a tile.
  var scratchCount: Int {
    kernel * kernel * panels.rows * PanelProduct.width + Self.tileCount
  }

  func run(
    images: Int, source tensor: UnsafePointer<Float>, weights: UnsafePointer<Float>,
    result: UnsafeMutablePointer<Float>, accumulates: Bool, context: ExecutionContext
  ) {
    let sorted = context.commonScratch
    source.sort(tensor, images: images, into: sorted, pool: context.pool)
    let groups = (images + Self.imagesPerTask - 1) / Self.imagesPerTask
    context.pool.run(panels.panelCount * groups) { task, worker in
      let (panel, group) = task.quotientAndRemainder(dividingBy: groups)
      let column = panel * PanelProduct.width
      let packed = context.scratch(of: worker)
      let size = panels.rows * panels.panelWidth(at: column)
      for tap in 0..<(kernel * kernel) {
        panels.pack(weights, tap: tap, column: column, into: packed + tap * size)
      }
      let range =
        (group * Self.imagesPerTask)..<min(images, (group + 1) * Self.imagesPerTask)
      for line in lines.indices {
        for place in columns.indices {
          multiply(
            range, line: line, place: place, sorted: sorted,
            pixelStride: source.pixelStride(images: images), packed: packed, column: column,
            result: result, accumulates: accumulates,
            tile: packed + kernel * kernel * panels.rows * PanelProduct.width)
        }
      }
    }
  }

  /// One pixel of the result of some images, for the columns of a panel.
  private func multiply(
    _ images: Range<Int>, line: Int, place: Int, sorted: UnsafePointer<Float>, pixelStride: Int,
    packed: UnsafePointer<Float>, column: Int, result: UnsafeMutablePointer<Float>,
    accumulates: Bool, tile: UnsafeMutablePointer<Float>
  ) {
    let channels = panels.columns
    let (vertical, horizontal) = (lines[line], columns[place])
    let width = panels.panelWidth(at: column)
    let valid = min(width, channels - column)
    let resultStride = lines.count * columns.count * channels
    let start =
      result + images.lowerBound * resultStride + (line * columns.count + place) * channels + column
    if vertical.count == 0 || horizontal.count == 0 {
      if !accumulates {
        for image in 0..<images.count {
          (start + image * resultStride).update(repeating: 0, count: valid)
        }
      }
      return
    }
    let size = panels.rows * width
    let sum = PanelProduct.Sum(
      outer: vertical.count,
      outerStrides: (
        vertical.sourceStep * sourceWidth * pixelStride, vertical.tapStep * kernel * size
      ),
      middle: horizontal.count,
      middleStrides: (horizontal.sourceStep * pixelStride, horizontal.tapStep * size),
      inner: panels.rows)
    let b = packed + (vertical.tap * kernel + horizontal.tap) * size
    let stride = source.rowStride
    let a =
      sorted + (vertical.source * sourceWidth + horizontal.source) * pixelStride
      + images.lowerBound * stride
    let rows = PanelProduct.rows(forWidth: width)
    for row in Swift.stride(from: 0, to: images.count, by: rows) {
      let isWhole = row + rows <= images.count && valid == width
      let c = isWhole ? start + row * resultStride : tile
      let strideC = isWhole ? resultStride : width
      let first = a + row * stride
      if width == 32 {
        PanelProduct.multiply32(
          sum, first, first + 4 * stride, stride: stride, b, into: c, c + 4 * strideC,
          stride: strideC, accumulates: isWhole && accumulates)
      } else {
        PanelProduct.multiply16(
          sum, first, first + 4 * stride, first + 8 * stride, first + 12 * stride, stride: stride,
          b, into: c, c + 4 * strideC, c + 8 * strideC, c + 12 * strideC, stride: strideC,
          accumulates: isWhole && accumulates)
      }
      if !isWhole {
        PanelTile.copy(
          tile, stride: width, rows: min(rows, images.count - row), columns: valid,
          into: start + row * resultStride, stride: resultStride, accumulates: accumulates)
      }
    }
  }
}
