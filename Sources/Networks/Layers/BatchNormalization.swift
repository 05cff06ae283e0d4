import Compute

/// Batch normalisation per channel, together with the residual sum and the rectifier that follow it.
///
/// Tensors are `[rows, channels]`, a row for every pixel of every image. Training uses the batch's
/// mean and variance (biased) and moves the running ones (unbiased) towards them by `momentum`;
/// evaluation uses the running ones. As in PyTorch: epsilon 1e-5, momentum 0.1.
package final class BatchNormalization {
  package let channels: Int
  /// PyTorch's name of the module.
  package let name: String
  package let scale: NetworkParameter
  package let shift: NetworkParameter
  package let runningMean: FloatBuffer
  package let runningVariance: FloatBuffer
  /// PyTorch's `num_batches_tracked`.
  package var batchesTracked = 0

  package static let epsilon: Float = 1e-5
  package static let momentum: Float = 0.1
  static let rowsPerBlock = 256

  let context: ExecutionContext
  /// The bias of the convolution before it, `[channels]`, which is not in `input`: it changes the
  /// running mean and nothing else while batches are normalised by their own.
  let inputBias: NetworkParameter?
  /// Mean and inverse standard deviation that the last `forward` normalised by, `[channels]` each.
  let usedMean: FloatBuffer
  let usedInverseDeviation: FloatBuffer
  /// Whether these were the batch's.
  private(set) var usedBatch = true
  /// Two numbers a channel and block of rows, for the backward pass; made when it is first needed.
  private(set) var partials = FloatBuffer(count: 0)
  /// To be filled from the batch before `forward` normalises with it.
  let moments: ChannelMoments
  /// The line that each channel is mapped by, `[channels]` each.
  let slope: FloatBuffer
  let offset: FloatBuffer
  private let maximumRows: Int

  /// - Parameter maximumRows: the most rows in a call: batch · height · width.
  package convenience init(name: String, channels: Int, maximumRows: Int, context: ExecutionContext) {
    self.init(
      name: name, channels: channels, maximumRows: maximumRows, inputBias: nil, context: context)
  }

  init(
    name: String, channels: Int, maximumRows: Int, inputBias: NetworkParameter?,
    context: ExecutionContext
  ) {
    self.name = name
    self.channels = channels
    self.maximumRows = maximumRows
    self.inputBias = inputBias
    self.context = context
    scale = NetworkParameter(
      name: name + ".weight", storedShape: [channels], initialization: .constant(1))
    shift = NetworkParameter(name: name + ".bias", storedShape: [channels])
    scale.values.fill(with: 1)
    runningMean = FloatBuffer(count: channels)
    runningVariance = FloatBuffer(count: channels)
    runningVariance.fill(with: 1)
    usedMean = FloatBuffer(count: channels)
    usedInverseDeviation = FloatBuffer(count: channels)
    slope = FloatBuffer(count: channels)
    offset = FloatBuffer(count: channels)
    moments = ChannelMoments(channels: channels)
  }

  /// The running statistics under their PyTorch names.
  package var statistics: [(name: String, values: FloatBuffer)] {
    [(name + ".running_mean", runningMean), (name + ".running_var", runningVariance)]
  }

  package var batchesTrackedName: String { name + ".num_batches_tracked" }

  /// Makes room for a backward pass.
  package func prepareBackward() {
    scale.prepareGradient()
    shift.prepareGradient()
    let blocks = Blocks(maximumRows, ofAtMost: Self.rowsPerBlock).blockCount
    if partials.count == 0 { partials = FloatBuffer(count: blocks * 2 * channels) }
  }

  /// output = rectify(normalise(input) + residual), the last two where asked for.
  ///
  /// `output` may be `input` in evaluation; else `backward` needs the input again.
  ///
  /// - Parameter stride: from row to row of the input; `channels` unless given.
  package func forward(
    rows: Int, input: UnsafePointer<Float>, stride: Int? = nil,
    residual: UnsafePointer<Float>? = nil, output: UnsafeMutablePointer<Float>, rectifies: Bool,
    mode: NetworkMode
  ) {
    if mode.usesBatchStatistics {
      OutputStep.measure(moments).apply(
        toAll: rows, of: input, channels: channels, stride: stride, pool: context.pool)
      normalizeByMoments(
        rows: rows, input: input, stride: stride, residual: residual, output: output,
        rectifies: rectifies, updatesStatistics: mode.updatesStatistics)
    } else {
      let line = evaluationLine(residual: residual, output: output, rectifies: rectifies)
      OutputStep.normalize(line).apply(
        toAll: rows, of: input, channels: channels, stride: stride, pool: context.pool)
    }
  }

  /// The rest of a training `forward` of which `moments` are known already.
  func normalizeByMoments(
    rows: Int, input: UnsafePointer<Float>, stride: Int? = nil, residual: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>, rectifies: Bool, updatesStatistics: Bool
  ) {
    takeMoments(updatesStatistics: updatesStatistics)
    let line = ChannelLine(
      slope: slope.pointer, offset: offset.pointer, residual: residual, result: output,
      rectifies: rectifies)
    OutputStep.normalize(line).apply(
      toAll: rows, of: input, channels: channels, stride: stride, pool: context.pool)
  }

  /// The line by which channels are mapped in evaluation.
  func evaluationLine(
    residual: UnsafePointer<Float>?, output: UnsafeMutablePointer<Float>, rectifies: Bool
  ) -> ChannelLine {
    usedBatch = false
    for c in 0..<channels {
      usedInverseDeviation.pointer[c] =
        1 / (runningVariance.pointer[c] + Self.epsilon).squareRoot()
      usedMean.pointer[c] = runningMean.pointer[c] - (inputBias?.values.pointer[c] ?? 0)
    }
    setLine()
    return ChannelLine(
      slope: slope.pointer, offset: offset.pointer, residual: residual, result: output,
      rectifies: rectifies)
  }

  /// Sets the line from the batch's mean and variance, and moves the running ones.
  private func takeMoments(updatesStatistics: Bool) {
    usedBatch = true
    for c in 0..<channels {
      let (count, mean, squares) = moments.combined(c)
      usedMean.pointer[c] = Float(mean)
      usedInverseDeviation.pointer[c] = Float(
        1 / (squares / count + Double(Self.epsilon)).squareRoot())
      if updatesStatistics {
        let unbiased = Float(squares / max(count - 1, 1))
        let mean = Float(mean) + (inputBias?.values.pointer[c] ?? 0)
        runningMean.pointer[c] += Self.momentum * (mean - runningMean.pointer[c])
        runningVariance.pointer[c] += Self.momentum * (unbiased - runningVariance.pointer[c])
      }
    }
    if updatesStatistics { batchesTracked += 1 }
    setLine()
  }

  /// Moves the running statistics by a share of the way to those of the last batch.
  func moveStatistics(by share: Double) {
    for c in 0..<channels {
      let (count, mean, squares) = moments.combined(c)
      let (batchMean, variance) = (
        Float(mean) + (inputBias?.values.pointer[c] ?? 0), Float(squares / max(count - 1, 1))
      )
      runningMean.pointer[c] += Float(share) * (batchMean - runningMean.pointer[c])
      runningVariance.pointer[c] += Float(share) * (variance - runningVariance.pointer[c])
    }
  }

  /// slope = γ·inverse deviation, offset = β − mean·slope.
  private func setLine() {
    for c in 0..<channels {
      let factor = scale.values.pointer[c] * usedInverseDeviation.pointer[c]
      slope.pointer[c] = factor
      offset.pointer[c] = shift.values.pointer[c] - usedMean.pointer[c] * factor
    }
  }
}
