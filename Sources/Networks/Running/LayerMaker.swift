import Compute

/// Makes the layers of a network for the memory that was allocated for its values.
struct LayerMaker {
  private let layout: NetworkLayout
  private let memory: [Int: FloatBuffer]
  private let capacity: Int
  private let context: ExecutionContext
  private let use: NetworkUse

  init(
    _ layout: NetworkLayout, memory: [Int: FloatBuffer], capacity: Int, context: ExecutionContext,
    for use: NetworkUse
  ) {
    self.layout = layout
    self.memory = memory
    self.capacity = capacity
    self.context = context
    self.use = use
  }

  private func view(_ id: Int) -> TensorView {
    guard let value = layout.values[id], let root = layout.values[value.root],
      let memory = memory[value.root]
    else { preconditionFailure("value \(id) lies nowhere") }
    return TensorView(
      memory.pointer + value.offset, shape: value.shape, stride: root.shape.channels)
  }

  private func entry(_ node: Int) -> NetworkPlan.Entry { layout.plan.entries[node] }

  func layer(_ plan: NetworkLayout.LayerPlan) -> any Layer {
    let (input, output) = (view(plan.inputs[0]), view(plan.output))
    switch plan.kind {
    case .convolution(let node, let normalization, let rectifies):
      guard case .convolution(let settings) = entry(node).operation else { break }
      return ConvolutionLayer(
        settings, name: entry(node).name, normalizationName: normalization.map { entry($0).name },
        rectifies: rectifies, input: input,
        residual: plan.inputs.count > 1 ? view(plan.inputs[1]) : nil, output: output,
        capacity: capacity, context: context, for: use)
    case .normalization(let node, let rectifies):
      return NormalizationLayer(
        name: entry(node).name, rectifies: rectifies, input: input, output: output,
        capacity: capacity, context: context)
    case .linear(let node, let rectifies):
      guard case .linear(let hasBias, let weight, let bias) = entry(node).operation else { break }
      let linear = Linear(
        name: entry(node).name, inputs: input.shape.count, outputs: output.shape.count,
        channels: input.shape.channels, hasBias: hasBias, weight: weight, bias: bias,
        context: context)
      return LinearLayer(linear, rectifies: rectifies, input: input, output: output, context: context)
    case .sum(let rectifies):
      return SumLayer(
        rectifies: rectifies, summands: plan.inputs.map(view), output: output, context: context)
    case .copy: return CopyLayer(input: input, output: output, context: context)
    case .single(let node): return single(node, input: input, output: output)
    }
    preconditionFailure("a layer of another kind than its node")
  }

  private func single(_ node: Int, input: TensorView, output: TensorView) -> any Layer {
    switch entry(node).operation {
    case .maximumPooling(let window):
      return MaximumPooling(
        window, input: input, output: output, capacity: capacity, context: context, for: use)
    case .averagePooling(let window):
      return AveragePooling(window, input: input, output: output, context: context)
    case .adaptiveAveragePooling:
      return AveragePooling(nil, input: input, output: output, context: context)
    case .upsampling(let factor):
      return UpsamplingLayer(factor: factor, input: input, output: output, context: context)
    case .padding(let top, let left, _, _):
      return PaddingLayer(top: top, left: left, input: input, output: output, context: context)
    case .rectifier:
      return PointwiseLayer(.rectifier, input: input, output: output, context: context)
    case .sigmoid: return PointwiseLayer(.sigmoid, input: input, output: output, context: context)
    case .dropout(let rate):
      return DropoutLayer(
        rate: rate, node: node, input: input, output: output, capacity: capacity, context: context,
        for: use)
    case .scaling: return ScalingLayer(input: input, output: output)
    case .unitLength: return UnitLengthLayer(input: input, output: output, capacity: capacity)
    case .input, .convolution, .batchNormalization, .sum, .concatenation, .linear:
      preconditionFailure("these have layers of their own kinds")
    }
  }
}
