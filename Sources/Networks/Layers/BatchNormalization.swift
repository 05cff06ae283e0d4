import Compute

/// Batch normalisation per channel, together with the residual sum and the rectifier that follow it.
///
/// Tensors are `[rows, channels]`, a row for every pixel of every image. Training uses the batch's
/// mean and variance (biased) and moves the running ones (unbiased) towards them by `momentum`;
/// evaluation uses the running ones. As in PyTorch: epsilon 1e-5, momentum 0.1.
public final class BatchNormalization {
  public let channels: Int
  public let scale: NetworkParameter
  public let shift: NetworkParameter
  public let runningMean: FloatBuffer
  public let runningVariance: FloatBuffer
  /// PyTorch's `num_batches_tracked`.
  public var batchesTracked = 0

  public static let epsilon: Float = 1e-5
  public static let momentum: Float = 0.1
  private static let rowsPerBlock = 256

  private let context: ExecutionContext
  private let name: String
  /// Mean and inverse standard deviation of the last training batch, `[channels]` each.
  private let batchMean: FloatBuffer
  private let batchInverseDeviation: FloatBuffer
  /// Two numbers a channel and block of rows, for the backward pass.
  private let partials: FloatBuffer
  /// To be filled from the batch before `forward` normalises with it.
  let moments: ChannelMoments
  /// The line that each channel is mapped by, `[channels]` each.
  private let slope: FloatBuffer
  private let offset: FloatBuffer

  /// - Parameter maximumRows: the most rows in a call: batch · height · width.
  public init(name: String, channels: Int, maximumRows: Int, context: ExecutionContext) {
    self.name = name
    self.channels = channels
    self.context = context
    scale = NetworkParameter(name: name + ".weight", storedShape: [channels])
    shift = NetworkParameter(name: name + ".bias", storedShape: [channels])
    scale.values.fill(with: 1)
    runningMean = FloatBuffer(count: channels)
    runningVariance = FloatBuffer(count: channels)
    runningVariance.fill(with: 1)
    batchMean = FloatBuffer(count: channels)
    batchInverseDeviation = FloatBuffer(count: channels)
    slope = FloatBuffer(count: channels)
    offset = FloatBuffer(count: channels)
    moments = ChannelMoments(channels: channels)
    let blocks = Blocks(maximumRows, ofAtMost: Self.rowsPerBlock).blockCount
    partials = FloatBuffer(count: blocks * 2 * channels)
  }

  /// The running statistics under their PyTorch names.
  public var statistics: [(name: String, values: FloatBuffer)] {
    [(name + ".running_mean", runningMean), (name + ".running_var", runningVariance)]
  }

  public var batchesTrackedName: String { name + ".num_batches_tracked" }

  /// output = rectify(normalise(input) + residual), the last two where asked for.
  ///
  /// `output` may be `input` in evaluation; in training `backward` needs the input again.
  public func forward(
    rows: Int, input: UnsafePointer<Float>, residual: UnsafePointer<Float>? = nil,
    output: UnsafeMutablePointer<Float>, rectifies: Bool, training: Bool,
    updatesStatistics: Bool = true
  ) {
    if training {
      OutputStep.measure(moments)
        .apply(toAll: rows, of: input, channels: channels, pool: context.pool)
      normalizeByMoments(
        rows: rows, input: input, residual: residual, output: output, rectifies: rectifies,
        updatesStatistics: updatesStatistics)
    } else {
      let line = evaluationLine(residual: residual, output: output, rectifies: rectifies)
      OutputStep.normalize(line)
        .apply(toAll: rows, of: input, channels: channels, pool: context.pool)
    }
  }

  /// The rest of a training `forward` of which `moments` are known already.
  func normalizeByMoments(
    rows: Int, input: UnsafePointer<Float>, residual: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>, rectifies: Bool, updatesStatistics: Bool
  ) {
    takeMoments(updatesStatistics: updatesStatistics)
    let line = ChannelLine(
      slope: slope.pointer, offset: offset.pointer, residual: residual, result: output,
      rectifies: rectifies)
    OutputStep.normalize(line)
      .apply(toAll: rows, of: input, channels: channels, pool: context.pool)
  }

  /// The line by which channels are mapped in evaluation.
  func evaluationLine(
    residual: UnsafePointer<Float>?, output: UnsafeMutablePointer<Float>, rectifies: Bool
  ) -> ChannelLine {
    setLine(mean: runningMean.pointer) {
      1 / (runningVariance.pointer[$0] + Self.epsilon).squareRoot()
    }
    return ChannelLine(
      slope: slope.pointer, offset: offset.pointer, residual: residual, result: output,
      rectifies: rectifies)
  }

  /// The backward pass of the last training `forward`.
  ///
  /// - Parameters:
  ///   - output: what `forward` wrote, when it rectified; `nil` otherwise.
  ///   - outputGradient: on return it holds the gradient behind the rectifier, which is also the
  ///     residual's, unless it is the same memory as `inputGradient`.
  ///   - inputGradient: may be `outputGradient`.
  public func backward(
    rows: Int, input: UnsafePointer<Float>, output: UnsafePointer<Float>?,
    outputGradient: UnsafeMutablePointer<Float>, inputGradient: UnsafeMutablePointer<Float>
  ) {
    sumGradients(rows: rows, input: input, output: output, outputGradient: outputGradient)
    let channels = self.channels
    let blocks = Blocks(rows, ofAtMost: Self.rowsPerBlock)
    let (slope, offset) = (self.slope.pointer, self.offset.pointer)

    // With g the gradient, n the rows, x̂ the normalised input and sums over the rows,
    // dx = γ/σ · (g − Σg/n − x̂·Σ(g·x̂)/n), which is a·g + b·x + c for each channel.
    let dots = partials.pointer
    let inputSlope = dots + channels
    for c in 0..<channels {
      let (dot, plain) = (dots[c], dots[channels + c])
      shift.gradient.pointer[c] = plain
      scale.gradient.pointer[c] = dot
      let inverse = batchInverseDeviation.pointer[c]
      slope[c] = scale.values.pointer[c] * inverse
      inputSlope[c] = -slope[c] * dot / Float(rows) * inverse
      offset[c] = -slope[c] * plain / Float(rows) - inputSlope[c] * batchMean.pointer[c]
    }
    context.pool.run(blocks.blockCount) { block, _ in
      func body<Lanes: FloatLanes>(_ type: Lanes.Type, _ row: Int, _ c: Int) {
        let at = row * channels + c
        Lanes(at: offset + c)
          .addingProduct(Lanes(at: outputGradient + at), Lanes(at: slope + c))
          .addingProduct(Lanes(at: input + at), Lanes(at: inputSlope + c))
          .store(at: inputGradient + at)
      }
      for row in blocks[block] {
        forEachLanes(channels) {
          body(SIMD16<Float>.self, row, $0)
        } one: {
          body(Float.self, row, $0)
        }
      }
    }
  }
}

extension BatchNormalization {
  /// slope = γ·inverse deviation, offset = β − mean·slope.
  private func setLine(mean: UnsafePointer<Float>, inverseDeviation: (Int) -> Float) {
    for c in 0..<channels {
      let factor = scale.values.pointer[c] * inverseDeviation(c)
      slope.pointer[c] = factor
      offset.pointer[c] = shift.values.pointer[c] - mean[c] * factor
    }
  }

  /// Sets the line from the batch's mean and variance, and moves the running ones.
  private func takeMoments(updatesStatistics: Bool) {
    for c in 0..<channels {
      let (count, mean, squares) = moments.combined(c)
      batchMean.pointer[c] = Float(mean)
      batchInverseDeviation.pointer[c] = Float(
        1 / (squares / count + Double(Self.epsilon)).squareRoot())
      if updatesStatistics {
        let unbiased = Float(squares / max(count - 1, 1))
        runningMean.pointer[c] += Self.momentum * (Float(mean) - runningMean.pointer[c])
        runningVariance.pointer[c] += Self.momentum * (unbiased - runningVariance.pointer[c])
      }
    }
    if updatesStatistics { batchesTracked += 1 }
    setLine(mean: batchMean.pointer) { batchInverseDeviation.pointer[$0] }
  }

  /// Applies the rectifier's gate and leaves Σ g·x̂ and Σ g per channel at the start of `partials`.
  private func sumGradients(
    rows: Int, input: UnsafePointer<Float>, output: UnsafePointer<Float>?,
    outputGradient: UnsafeMutablePointer<Float>
  ) {
    let channels = self.channels
    let blocks = Blocks(rows, ofAtMost: Self.rowsPerBlock)
    let partials = self.partials.pointer
    let (means, inverses) = (batchMean.pointer, batchInverseDeviation.pointer)
    context.pool.run(blocks.blockCount) { block, _ in
      let range = blocks[block]
      let sums = partials + block * 2 * channels
      func body<Lanes: FloatLanes>(_ type: Lanes.Type, _ c: Int) {
        let mean = Lanes(at: means + c)
        var plain = Lanes(repeating: 0)
        var dot = Lanes(repeating: 0)
        for row in range {
          let at = row * channels + c
          var gradient = Lanes(at: outputGradient + at)
          if let output {
            gradient = gradient.gated(by: Lanes(at: output + at))
            gradient.store(at: outputGradient + at)
          }
          plain = plain + gradient
          dot = dot.addingProduct(gradient, Lanes(at: input + at) - mean)
        }
        (dot * Lanes(at: inverses + c)).store(at: sums + c)
        plain.store(at: sums + channels + c)
      }
      forEachLanes(channels) { body(SIMD16<Float>.self, $0) } one: { body(Float.self, $0) }
    }
    for c in 0..<(2 * channels) {
      var sum = 0.0
      for block in 0..<blocks.blockCount { sum += Double(partials[block * 2 * channels + c]) }
      partials[c] = Float(sum)
    }
  }
}
