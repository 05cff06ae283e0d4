import Compute

/// How the lines and columns of a convolution's result depend on its source, for the forward pass
/// and for the backward pass to the input.
///
/// Backward, the results fall into as many phases as the stride: those at the same place within a
/// stride take the same taps, and each phase is a convolution of stride 1 of its own.
struct LinePass {
  /// Results `resultStep`·i + `first` for i in 0..<`count`, along lines or columns.
  struct Phase {
    let first: Int
    let count: Int
    /// Taps in the order of the source numbers that they meet, which are adjacent.
    let taps: [Int]
    /// The padded place of the source number that the first tap meets for i = 0.
    let offset: Int
  }

  /// One of the two directions.
  struct Axis {
    let source: Int
    let result: Int
    let sourceStep: Int
    let resultStep: Int
    let phases: [Phase]
    /// Zeros before and behind the source.
    let before: Int
    let behind: Int
    /// Values of i in the longest phase.
    let count: Int
    /// Padded source numbers that the results of one i may meet.
    private let reach: Int

    init(
      source: Int, result: Int, sourceStep: Int, resultStep: Int, phases: [Phase], before: Int,
      behind: Int
    ) {
      self.source = source
      self.result = result
      self.sourceStep = sourceStep
      self.resultStep = resultStep
      self.phases = phases
      self.before = before
      self.behind = behind
      count = phases.map(\.count).max() ?? 0
      reach = max(phases.map { $0.offset + $0.taps.count }.max() ?? 0, 1)
    }

    /// Padded source numbers for `count` values of i.
    func extent(of count: Int) -> Int { (count - 1) * sourceStep + reach }
    var padded: Int { before + source + behind }
  }

  let lines: Axis
  let columns: Axis
  let sourceChannels: Int
  let resultChannels: Int

  static func forward(_ shape: ConvolutionShape) -> LinePass {
    func axis(_ input: Int, _ output: Int) -> Axis {
      Axis(
        source: input, result: output, sourceStep: shape.stride, resultStep: 1,
        phases: [
          Phase(first: 0, count: output, taps: Array(0..<shape.kernel), offset: 0)
        ],
        before: shape.padding,
        behind: max(0, (output - 1) * shape.stride + shape.kernel - shape.padding - input))
    }
    return LinePass(
      lines: axis(shape.inputHeight, shape.outputHeight),
      columns: axis(shape.inputWidth, shape.outputWidth),
      sourceChannels: shape.inputChannels, resultChannels: shape.outputChannels)
  }

  static func backward(_ shape: ConvolutionShape) -> LinePass {
    let (kernel, stride, padding) = (shape.kernel, shape.stride, shape.padding)
    // Input y = stride·i + r meets output o by tap t where o·stride + t = y + padding: taps
    // t = t₀, t₀ + stride, … with t₀ = (r + padding) mod stride, outputs i + (r + padding − t) / stride.
    func axis(_ input: Int, _ output: Int) -> Axis {
      let phases = (0..<min(stride, input)).map { r -> (r: Int, taps: [Int], lowest: Int) in
        let taps = Array(stride: stride, from: (r + padding) % stride, below: kernel)
        return (r, taps.reversed(), taps.last.map { (r + padding - $0) / stride } ?? 0)
      }
      let before = max(0, -(phases.map(\.lowest).min() ?? 0))
      let counted = phases.map { phase in
        Phase(
          first: phase.r, count: (input - phase.r + stride - 1) / stride, taps: phase.taps,
          offset: before + phase.lowest)
      }
      let end = counted.map { $0.count + $0.offset + $0.taps.count - 1 }.max() ?? 0
      return Axis(
        source: output, result: input, sourceStep: 1, resultStep: stride, phases: counted,
        before: before, behind: max(0, end - before - output))
    }
    return LinePass(
      lines: axis(shape.inputHeight, shape.outputHeight),
      columns: axis(shape.inputWidth, shape.outputWidth),
      sourceChannels: shape.outputChannels, resultChannels: shape.inputChannels)
  }

  /// Numbers in a padded source line.
  var lineLength: Int { columns.padded * sourceChannels }

  /// Copies the padded source of the lines `range` of one image's results.
  func copySource(
    _ range: Range<Int>, of image: UnsafePointer<Float>, into padded: UnsafeMutablePointer<Float>
  ) {
    let (before, behind) = (columns.before * sourceChannels, columns.behind * sourceChannels)
    let count = columns.source * sourceChannels
    var line = padded
    let first = range.lowerBound * lines.sourceStep - lines.before
    for y in first..<(first + lines.extent(of: range.count)) {
      if y < 0 || y >= lines.source {
        line.update(repeating: 0, count: lineLength)
      } else {
        line.update(repeating: 0, count: before)
        (line + before).update(from: image + y * count, count: count)
        (line + before + count).update(repeating: 0, count: behind)
      }
      line += lineLength
    }
  }
}

extension Array where Element == Int {
  fileprivate init(stride: Int, from first: Int, below end: Int) {
    self = Array(Swift.stride(from: first, to: end, by: stride))
  }
}
