import Images
import Networks

/// A trained network from whose outputs gradients go back to the pixels.
package final class DifferentiableModel {
  package let network: Network
  private let normalization: Normalization
  private let logits: NetworkOutput
  private let features: NetworkOutput
  private let fromLogits: GradientPass
  private let fromFeatures: GradientPass

  /// Freezes the network's parameters: their gradients are not computed.
  ///
  /// - Parameter network: with taps for features and logits.
  package init(_ network: Network, normalization: Normalization) {
    for parameter in network.parameters { parameter.isFrozen = true }
    self.network = network
    self.normalization = normalization
    logits = network.output(.logits)
    features = network.output(.features)
    fromLogits = network.gradientPass(from: [.logits], toInput: true)
    fromFeatures = network.gradientPass(from: [.features], toInput: true)
  }

  /// Fills the network's input.
  ///
  /// - Parameters:
  ///   - isNormalized: whether pixels are shifted and scaled as in training, or only scaled to 0 to 1.
  ///   - value: of each position in `[rows, height, width, channels]`, in grey levels.
  func load(rows: Int, isNormalized: Bool, _ value: (_ position: Int) -> Float) {
    let shape = network.plan.shape(of: network.plan.input)
    let input = network.input.pointer
    for position in 0..<rows * shape.count {
      let scaled = value(position) / 255
      input[position] =
        isNormalized ? normalization(scaled, channel: position % shape.channels) : scaled
    }
  }

  /// Computes the gradient of the cross-entropy with respect to the input, for the images that are loaded.
  func differentiate(labels: [Int32]) {
    network.forward(images: labels.count, mode: .differentiableEvaluation)
    _ = CrossEntropy().evaluate(
      rows: labels.count, classes: logits.length, logits: logits.values.pointer, labels: labels,
      gradient: logits.gradient.pointer)
    network.backward(images: labels.count, fromLogits)
  }

  /// The features of the one image that is loaded, `[length]`.
  func computeFeatures() -> UnsafeBufferPointer<Float> {
    network.forward(images: 1, mode: .differentiableEvaluation)
    return UnsafeBufferPointer(start: features.values.pointer, count: features.length)
  }

  /// Computes the gradient with respect to the input from that of the features of the one image that is
  /// loaded, `[length]`.
  func differentiate(features gradient: [Float]) {
    for (index, value) in gradient.enumerated() { features.gradient.pointer[index] = value }
    network.backward(images: 1, fromFeatures)
  }
}
