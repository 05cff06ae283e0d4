import Compute

/// Where a network's loss is measured.
public enum NetworkOutputKind: Hashable, Sendable {
  /// What the linear layer gives.
  case logits
  /// What goes into it.
  case features
  /// Unit vectors of a projection head.
  case embeddings
}

/// Numbers that a network computed, and room for the gradient of a loss in them.
public struct NetworkOutput {
  /// `[capacity, length]`
  public let values: FloatBuffer
  /// `[capacity, length]`
  public let gradient: FloatBuffer
  public let length: Int
}

/// What a training loop can train. One pass at a time: the loop fills `input`, calls `forward`, writes
/// the gradient of an output, and calls `backward`.
public protocol TrainableNetwork: AnyObject {
  var context: ExecutionContext { get }
  /// Images of the largest batch.
  var capacity: Int { get }
  /// `[capacity, height, width, channels]`
  var input: FloatBuffer { get }
  /// All parameters that training may change.
  var parameters: [NetworkParameter] { get }
  /// All batch normalisations whose running statistics training may change.
  var normalizations: [BatchNormalization] { get }
  /// The outputs that a loss can be measured at.
  var outputs: [NetworkOutputKind: NetworkOutput] { get }

  func forward(images: Int, mode: NetworkMode)

  /// Computes gradients from that of an output; returns the parameters that it depends on.
  func backward(images: Int, from kind: NetworkOutputKind) -> [NetworkParameter]
}

extension ResidualNetwork: TrainableNetwork {
  public var outputs: [NetworkOutputKind: NetworkOutput] {
    [
      .logits: NetworkOutput(
        values: logits, gradient: logitsGradient, length: configuration.classes),
      .features: NetworkOutput(
        values: features, gradient: featuresGradient, length: configuration.featureCount),
    ]
  }

  @discardableResult
  public func backward(images: Int, from kind: NetworkOutputKind) -> [NetworkParameter] {
    backward(images: images, throughHead: kind == .logits)
    return kind == .logits ? parameters : featureParameters
  }
}
