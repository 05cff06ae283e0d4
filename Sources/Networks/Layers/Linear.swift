import Compute

/// output = input · weightᵀ + bias, with input `[rows, inputs]` and output `[rows, outputs]`.
public final class Linear {
  public let inputs: Int
  public let outputs: Int
  /// `[outputs, inputs]`
  public let weight: NetworkParameter
  public let bias: NetworkParameter

  public init(name: String, inputs: Int, outputs: Int, isHead: Bool) {
    self.inputs = inputs
    self.outputs = outputs
    weight = NetworkParameter(name: name + ".weight", storedShape: [outputs, inputs], isInHead: isHead)
    bias = NetworkParameter(name: name + ".bias", storedShape: [outputs], isInHead: isHead)
  }

  public func forward(
    rows: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<rows {
      (output + row * outputs).update(from: bias.values.pointer, count: outputs)
    }
    MatrixProduct.multiply(
      rows: rows, columns: outputs, inner: inputs, input, stride: inputs,
      weight.values.pointer, stride: inputs, into: output, stride: outputs, beta: 1,
      transposingSecond: true)
  }

  /// Computes the parameters' gradients and, where asked for, the input's.
  public func backward(
    rows: Int, input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>?
  ) {
    MatrixProduct.multiply(
      rows: outputs, columns: inputs, inner: rows, outputGradient, stride: outputs,
      input, stride: inputs, into: weight.gradient.pointer, stride: inputs,
      transposingFirst: true)
    let biasGradient = bias.gradient.pointer
    biasGradient.update(repeating: 0, count: outputs)
    for row in 0..<rows {
      for output in 0..<outputs { biasGradient[output] += outputGradient[row * outputs + output] }
    }
    if let inputGradient {
      MatrixProduct.multiply(
        rows: rows, columns: inputs, inner: outputs, outputGradient, stride: outputs,
        weight.values.pointer, stride: inputs, into: inputGradient, stride: inputs)
    }
  }
}

extension Linear {
  /// Fills weight and bias with PyTorch's initial distribution: uniform within ±1/√inputs.
  func initialize(seed: UInt64, purpose: RandomPurpose, sample: Int) {
    var stream = RandomStream(seed: seed, purpose: purpose, sample: sample)
    let bound = 1 / Double(inputs).squareRoot()
    for parameter in [weight, bias] {
      for index in 0..<parameter.count {
        parameter.values.pointer[index] = Float(stream.uniform(in: -bound...bound))
      }
    }
  }
}
