import Compute

/// A convolution and what follows it: bias, batch normalisation, a residual sum and a rectifier, each where
/// the plan has it.
///
/// Inputs: the map, dense, and the other summand where there is one, dense.
final class ConvolutionLayer: Layer {
  let weight: NetworkParameter
  let bias: NetworkParameter?
  let normalization: BatchNormalization?
  private let rectifies: Bool
  private let shape: ConvolutionShape
  private let algorithm: any ConvolutionAlgorithm
  private let input: TensorView
  private let residual: TensorView?
  private let output: TensorView
  private let context: ExecutionContext
  /// What the convolution gave, before normalisation; the backward pass needs it. Without normalisation, or
  /// without a backward pass, nothing needs it once it is in its place.
  private let convolved: FloatBuffer?
  /// Without normalisation: what channels are multiplied by, and what is added where there is no bias.
  private let ones: FloatBuffer
  private let zeros: FloatBuffer
  private let biasSums: ChannelSums?

  init(
    _ settings: Operation.Convolution, name: String, normalizationName: String?, rectifies: Bool,
    input: TensorView, residual: TensorView?, output: TensorView, capacity: Int,
    context: ExecutionContext, for use: NetworkUse
  ) {
    self.rectifies = rectifies
    self.input = input
    self.residual = residual
    self.output = output
    self.context = context
    shape = ConvolutionShape(
      batch: capacity, inputHeight: input.shape.height, inputWidth: input.shape.width,
      inputChannels: input.shape.channels, outputChannels: output.shape.channels,
      kernel: settings.kernel, stride: settings.stride, padding: settings.padding)
    weight = NetworkParameter(
      name: name + ".weight",
      storedShape: [shape.outputChannels, shape.inputChannels, shape.kernel, shape.kernel],
      layout: .convolution, initialization: settings.weight)
    bias =
      settings.hasBias
      ? NetworkParameter(
        name: name + ".bias", storedShape: [shape.outputChannels], initialization: settings.bias)
      : nil
    let rows = output.rows(capacity)
    normalization = normalizationName.map { [bias] name in
      BatchNormalization(
        name: name, channels: output.shape.channels, maximumRows: rows, inputBias: bias,
        context: context)
    }
    algorithm = shape.makeAlgorithm(in: context)
    let count = rows * output.shape.channels
    convolved = normalization == nil || use == .inference ? nil : FloatBuffer(count: count)
    ones = FloatBuffer(count: normalization == nil ? shape.outputChannels : 0)
    ones.fill(with: 1)
    zeros = FloatBuffer(count: ones.count)
    biasSums =
      bias != nil && normalization == nil
      ? ChannelSums(channels: shape.outputChannels, maximumRows: rows) : nil
    if convolved == nil { context.reserveTransient(count) }
  }

  var parameters: [NetworkParameter] {
    [weight] + (bias.map { [$0] } ?? []) + (normalization.map { [$0.scale, $0.shift] } ?? [])
  }

  func forward(images: Int, _ pass: ForwardPass) {
    if let normalization {
      forward(
        images: images, pass.mode, normalization, convolved?.pointer ?? context.transientMemory)
      return
    }
    guard bias != nil || rectifies || residual != nil || !output.isDense else {
      convolve(images: images, into: output.pointer, step: .none)
      return
    }
    let transient = context.transientMemory
    let line = ChannelLine(
      slope: ones.pointer, offset: (bias?.values ?? zeros).pointer,
      residual: residual?.pointer, result: output.pointer, rectifies: rectifies)
    if output.isDense {
      convolve(images: images, into: transient, step: .normalize(line))
    } else {
      convolve(images: images, into: transient, step: .none)
      line.write(
        rows: output.rows(images), of: transient, channels: shape.outputChannels,
        resultStride: output.stride, pool: context.pool)
    }
  }

  private func forward(
    images: Int, _ mode: NetworkMode, _ normalization: BatchNormalization,
    _ convolved: UnsafeMutablePointer<Float>
  ) {
    let rows = output.rows(images)
    let residual = residual?.pointer
    switch mode {
    case .training, .trainingWithFixedStatistics:
      convolve(images: images, into: convolved, step: .measure(normalization.moments))
      normalization.normalizeByMoments(
        rows: rows, input: convolved, residual: residual, output: output.pointer,
        rectifies: rectifies, updatesStatistics: mode.updatesStatistics)
    case .evaluation:
      let line = normalization.evaluationLine(
        residual: residual, output: output.pointer, rectifies: rectifies)
      // In place, which is half of the memory traffic, unless the residual would be lost.
      let isInPlace = output.isDense && residual != output.pointer
      convolve(images: images, into: isInPlace ? output.pointer : convolved, step: .normalize(line))
    case .differentiableEvaluation:
      convolve(images: images, into: convolved, step: .none)
      normalization.forward(
        rows: rows, input: convolved, residual: residual, output: output.pointer,
        rectifies: rectifies, mode: mode)
    }
  }

  private func convolve(
    images: Int, into result: UnsafeMutablePointer<Float>, step: OutputStep
  ) {
    algorithm.forward(
      images: images, input: input.pointer, weights: weight.values.pointer, output: result,
      step: step)
  }

  // MARK: Backward

  func backwardScratch(needsInputs: [Bool], sharesGradient: Bool) -> Int {
    let isShared = sharesGradient || residual != nil && needsInputs[1]
    return isShared && normalization != nil || !output.isDense ? shape.batch * output.shape.count : 0
  }

  func backward(images: Int, _ gradients: LayerGradients) {
    let rows = output.rows(images)
    var gradient = gradients.output.pointer
    if !output.isDense {
      gradient = context.transientMemory
      TensorView(gradient, shape: output.shape).copy(
        gradients.output, rows: rows, pool: context.pool)
    }
    let residualTarget = residual == nil ? nil : gradients.inputs[1]
    if let normalization, let convolved, let joint = algorithm.jointBackward, gradients.needsParameters,
      let target = gradients.inputs[0], !target.isShared
    {
      let normalized = normalization.backwardWhenRead(
        rows: rows, input: convolved.pointer, output: rectifies ? output.pointer : nil,
        outputGradient: gradient)
      pass(gradient, to: residualTarget, rows: rows)
      joint.run(
        images: images, input: input.pointer, outputGradient: normalized, weights: weight.values.pointer,
        weightGradient: weight.gradient.pointer, inputGradient: target.view.pointer,
        accumulate: target.accumulates)
      return
    }
    if let normalization, let convolved {
      // In place, unless the output's gradient is the other summand's too, or the input's will be there.
      let isShared = gradients.inputs[0]?.isShared == true || residualTarget != nil
      let target = isShared ? context.transientMemory : gradient
      normalization.backward(
        rows: rows, input: convolved.pointer, output: rectifies ? output.pointer : nil,
        outputGradient: gradient, inputGradient: target)
      pass(gradient, to: residualTarget, rows: rows)
      gradient = target
    } else {
      if rectifies {
        output.gate(gradient, rows: rows, pool: context.pool)
      }
      pass(gradient, to: residualTarget, rows: rows)
      if gradients.needsParameters, let bias, let biasSums {
        biasSums.sum(gradient, rows: rows, into: bias.gradient.pointer, pool: context.pool)
      }
    }
    if gradients.needsParameters {
      algorithm.backwardToWeights(
        images: images, input: input.pointer, outputGradient: gradient,
        weightGradient: weight.gradient.pointer)
    }
    if let target = gradients.inputs[0] {
      algorithm.backwardToInput(
        images: images, outputGradient: gradient, weights: weight.values.pointer,
        inputGradient: target.view.pointer, accumulate: target.accumulates)
    }
  }

  private func pass(
    _ gradient: UnsafeMutablePointer<Float>, to target: GradientTarget?, rows: Int
  ) {
    guard let target, !target.isShared else { return }
    target.view.take(
      TensorView(gradient, shape: output.shape), rows: rows, accumulates: target.accumulates,
      pool: context.pool)
  }
}
