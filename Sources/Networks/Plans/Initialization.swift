import Compute

/// How a parameter is filled before training.
package enum Initialization: Hashable, Sendable {
  case constant(Float)
  /// Uniform within ± a bound.
  case uniform(bound: Double)
  /// Normal with mean 0.
  case normal(deviation: Double)

  /// Normal with variance 2 / (kernel² · outputs): torchvision's ResNet and VGG.
  package static func normal(kernel: Int, fanOut outputs: Int) -> Initialization {
    .normal(deviation: (2 / Double(kernel * kernel * outputs)).squareRoot())
  }

  /// Normal with variance 2 / (kernel² · inputs): torchvision's DenseNet.
  package static func normal(kernel: Int, fanIn inputs: Int) -> Initialization {
    .normal(deviation: (2 / Double(kernel * kernel * inputs)).squareRoot())
  }

  /// Uniform within ±1/√inputs: PyTorch's default for weights and biases, `inputs` counting the kernel's
  /// pixels too.
  package static func standard(inputs: Int) -> Initialization {
    .uniform(bound: 1 / Double(inputs).squareRoot())
  }

  func fill(_ values: FloatBuffer, from stream: inout RandomStream) {
    switch self {
    case .constant(let value): values.fill(with: value)
    case .uniform(let bound):
      for i in 0..<values.count { values.pointer[i] = Float(stream.uniform(in: -bound...bound)) }
    case .normal(let deviation):
      for i in 0..<values.count { values.pointer[i] = Float(stream.normal() * deviation) }
    }
  }
}
