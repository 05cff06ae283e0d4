import Compute

/// output = input · weightᵀ + bias, with input `[rows, inputs]` and output `[rows, outputs]`.
package final class Linear {
  package let inputs: Int
  package let outputs: Int
  /// `[outputs, inputs]`
  package let weight: NetworkParameter
  /// `[outputs]`
  package let bias: NetworkParameter?
  private let context: ExecutionContext

  /// Outputs, or inputs, that one product computes.
  private static let columnsPerTask = 512

  /// - Parameter channels: of the map whose numbers are the inputs.
  package init(
    name: String, inputs: Int, outputs: Int, channels: Int? = nil, hasBias: Bool = true,
    weight: Initialization? = nil, bias: Initialization? = nil, context: ExecutionContext
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.context = context
    let standard = Initialization.standard(inputs: inputs)
    let isVector = channels == nil || channels == inputs
    self.weight = NetworkParameter(
      name: name + ".weight", storedShape: [outputs, inputs],
      layout: isVector ? .same : .flattened(channels: channels ?? inputs),
      initialization: weight ?? standard)
    self.bias =
      hasBias
      ? NetworkParameter(
        name: name + ".bias", storedShape: [outputs], initialization: bias ?? standard) : nil
  }

  package var parameters: [NetworkParameter] { [weight] + (bias.map { [$0] } ?? []) }

  package func forward(
    rows: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
  ) {
    let blocks = Blocks(outputs, ofAtMost: Self.columnsPerTask)
    let weights = weight.values.pointer
    context.pool.run(blocks.blockCount) { block, _ in
      let columns = blocks[block]
      for row in 0..<rows {
        let line = output + (row * outputs + columns.lowerBound)
        if let bias {
          line.update(from: bias.values.pointer + columns.lowerBound, count: columns.count)
        } else {
          line.update(repeating: 0, count: columns.count)
        }
      }
      MatrixProduct.multiply(
        rows: rows, columns: columns.count, inner: inputs, input, stride: inputs,
        weights + columns.lowerBound * inputs, stride: inputs,
        into: output + columns.lowerBound, stride: outputs, beta: 1, transposingSecond: true)
    }
  }

  /// Computes the gradients of the parameters and of the input, each where asked for.
  ///
  /// - Parameter accumulates: whether the input's gradient is added to what is there.
  package func backward(
    rows: Int, input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>?, accumulates: Bool = false,
    needsParameters: Bool = true
  ) {
    if needsParameters {
      backwardToParameters(rows: rows, input: input, outputGradient: outputGradient)
    }
    guard let inputGradient else { return }
    let blocks = Blocks(inputs, ofAtMost: 4 * Self.columnsPerTask)
    let weights = weight.values.pointer
    context.pool.run(blocks.blockCount) { block, _ in
      let columns = blocks[block]
      MatrixProduct.multiply(
        rows: rows, columns: columns.count, inner: outputs, outputGradient, stride: outputs,
        weights + columns.lowerBound, stride: inputs, into: inputGradient + columns.lowerBound,
        stride: inputs, beta: accumulates ? 1 : 0)
    }
  }

  private func backwardToParameters(
    rows: Int, input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>
  ) {
    let blocks = Blocks(outputs, ofAtMost: Self.columnsPerTask)
    let weightGradient = weight.gradient.pointer
    context.pool.run(blocks.blockCount) { block, _ in
      let range = blocks[block]
      MatrixProduct.multiply(
        rows: range.count, columns: inputs, inner: rows, outputGradient + range.lowerBound,
        stride: outputs, input, stride: inputs,
        into: weightGradient + range.lowerBound * inputs, stride: inputs, transposingFirst: true)
    }
    guard let biasGradient = bias?.gradient.pointer else { return }
    biasGradient.update(repeating: 0, count: outputs)
    for row in 0..<rows {
      for output in 0..<outputs { biasGradient[output] += outputGradient[row * outputs + output] }
    }
  }
}
