/// What a node of a plan computes from the nodes before it.
package enum Operation: Hashable, Sendable {
  /// What the network is given.
  case input
  /// A square kernel; the weights are PyTorch's `[outputs, inputs, kernel, kernel]`.
  case convolution(Convolution)
  /// Per channel, with learned scale and shift.
  case batchNormalization
  /// max(x, 0)
  case rectifier
  case sigmoid
  /// Of two nodes of the same shape.
  case sum
  /// Along the channels.
  case concatenation
  case maximumPooling(Window)
  /// Pixels of the padding count as zeros, as in PyTorch.
  case averagePooling(Window)
  /// The mean over windows that divide the map as evenly as they can, as PyTorch's `AdaptiveAvgPool2d`;
  /// the result has the node's size.
  case adaptiveAveragePooling
  /// Every pixel repeated in a square of this side.
  case upsampling(factor: Int)
  /// A border of zeros.
  case padding(top: Int, left: Int, bottom: Int, right: Int)
  /// Of all numbers of an image, in PyTorch's order: channel by channel.
  case linear(hasBias: Bool, weight: Initialization, bias: Initialization)
  /// In training, each number is zero with this probability, and the others grow to keep the mean.
  case dropout(rate: Double)
  /// Multiplied by a number that is set, not learned; 1 at first.
  case scaling
  /// Divided by its length, as an image's vector.
  case unitLength

  package struct Convolution: Hashable, Sendable {
    package let kernel: Int
    package let stride: Int
    package let padding: Int
    package let hasBias: Bool
    package let weight: Initialization
    package let bias: Initialization
  }

  /// A square window that pools.
  package struct Window: Hashable, Sendable {
    package let kernel: Int
    package let stride: Int
    package let padding: Int

    /// Windows along a side of `size`.
    func count(over size: Int) -> Int { (size + 2 * padding - kernel) / stride + 1 }
  }
}
