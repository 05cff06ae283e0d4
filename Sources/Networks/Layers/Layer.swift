/// A part of a network that runs: one node of its plan, or several that are computed together.
///
/// A layer knows where its inputs and its output lie. Values that its backward pass needs again are still
/// there then: nothing is overwritten between the passes.
protocol Layer: AnyObject {
  /// In PyTorch's order.
  var parameters: [NetworkParameter] { get }
  var normalization: BatchNormalization? { get }

  /// Computes the output for the first `images` images.
  func forward(images: Int, _ pass: ForwardPass)

  /// Computes the gradients of inputs and parameters from that of the output.
  func backward(images: Int, _ gradients: LayerGradients)

  /// Numbers of the context's transient memory that the backward pass needs.
  ///
  /// - Parameters:
  ///   - needsInputs: for each input, whether its gradient is wanted.
  ///   - sharesGradient: whether that of the first takes the place of the output's.
  func backwardScratch(needsInputs: [Bool], sharesGradient: Bool) -> Int
}

extension Layer {
  var parameters: [NetworkParameter] { [] }
  var normalization: BatchNormalization? { nil }
  func backwardScratch(needsInputs: [Bool], sharesGradient: Bool) -> Int { 0 }
}

/// What a forward pass is for.
package struct ForwardPass: Hashable, Sendable {
  package let mode: NetworkMode
  /// What dropout is a function of, with the layer and the image: the training's seed and its step.
  package let seed: UInt64
  package let step: Int

  package init(mode: NetworkMode, seed: UInt64 = 0, step: Int = 0) {
    self.mode = mode
    self.seed = seed
    self.step = step
  }
}

/// The gradients of a layer's surroundings during a backward pass.
struct LayerGradients {
  /// That of the output. The layer may overwrite it.
  let output: TensorView
  /// Where those of the inputs go; `nil` for one that nobody asks for.
  let inputs: [GradientTarget?]
  /// Whether the parameters' gradients are wanted.
  let needsParameters: Bool
}

/// Where a gradient goes.
struct GradientTarget {
  let view: TensorView
  /// Whether it is added to what is there.
  let accumulates: Bool
  /// Whether the memory is that of the output's gradient.
  let isShared: Bool
}
