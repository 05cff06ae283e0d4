import Compute

/// A ResNet-18 without its linear layer and a projection head, for contrastive learning (method 5.2):
/// features → linear → rectifier → linear → unit length.
///
/// The head has 8w and 2w outputs for an encoder of width w: 512 and 128 at the published width of 64.
public final class ContrastiveNetwork: TrainableNetwork {
  public let encoder: ResidualNetwork
  private let first: Linear
  private let second: Linear
  /// After the rectifier, `[capacity, 8 · width]`.
  private let hidden: FloatBuffer
  private let hiddenGradient: FloatBuffer
  /// Before the length is taken out, `[capacity, 2 · width]`.
  private let projected: FloatBuffer
  private let projectedGradient: FloatBuffer
  /// The length of each row of `projected`, `[capacity]`.
  private let lengths: FloatBuffer
  /// Unit vectors, `[capacity, 2 · width]`.
  public let embeddings: FloatBuffer
  public let embeddingsGradient: FloatBuffer

  /// - Parameter capacity: the most views in a batch.
  public init(
    _ configuration: ResidualNetworkConfiguration, capacity: Int, context: ExecutionContext
  ) {
    encoder = ResidualNetwork(configuration, capacity: capacity, context: context)
    let features = configuration.featureCount
    let length = 2 * configuration.width
    first = Linear(name: "head.0", inputs: features, outputs: features, isHead: false)
    second = Linear(name: "head.2", inputs: features, outputs: length, isHead: false)
    hidden = FloatBuffer(count: capacity * features)
    hiddenGradient = FloatBuffer(count: capacity * features)
    projected = FloatBuffer(count: capacity * length)
    projectedGradient = FloatBuffer(count: capacity * length)
    lengths = FloatBuffer(count: capacity)
    embeddings = FloatBuffer(count: capacity * length)
    embeddingsGradient = FloatBuffer(count: capacity * length)
  }

  public var context: ExecutionContext { encoder.context }
  public var capacity: Int { encoder.capacity }
  public var input: FloatBuffer { encoder.input }
  public var normalizations: [BatchNormalization] { encoder.normalizations }
  public var embeddingLength: Int { second.outputs }

  /// The encoder's and the head's; the encoder's linear layer is none of them.
  public private(set) lazy var parameters: [NetworkParameter] =
    encoder.featureParameters + [first.weight, first.bias, second.weight, second.bias]

  public var outputs: [NetworkOutputKind: NetworkOutput] {
    [
      .embeddings: NetworkOutput(
        values: embeddings, gradient: embeddingsGradient, length: second.outputs)
    ]
  }

  /// Fills the parameters with the published initial distributions: PyTorch's for linear layers.
  public func initialize(seed: UInt64) {
    encoder.initialize(seed: seed)
    first.initialize(seed: seed, purpose: RandomPurpose("projection head"), sample: 0)
    second.initialize(seed: seed, purpose: RandomPurpose("projection head"), sample: 1)
  }

  public func forward(images: Int, mode: NetworkMode) {
    encoder.forward(images: images, mode: mode)
    first.forward(rows: images, input: encoder.features.pointer, output: hidden.pointer)
    for index in 0..<(images * first.outputs) where hidden.pointer[index] < 0 {
      hidden.pointer[index] = 0
    }
    second.forward(rows: images, input: hidden.pointer, output: projected.pointer)
    for row in 0..<images {
      let source = projected.pointer + row * second.outputs
      let target = embeddings.pointer + row * second.outputs
      var square: Float = 0
      for j in 0..<second.outputs { square += source[j] * source[j] }
      let length = max(square.squareRoot(), 1e-12)
      lengths.pointer[row] = length
      for j in 0..<second.outputs { target[j] = source[j] / length }
    }
  }

  public func backward(images: Int, from kind: NetworkOutputKind) -> [NetworkParameter] {
    // What points along an embedding does not turn it.
    for row in 0..<images {
      let unit = embeddings.pointer + row * second.outputs
      let source = embeddingsGradient.pointer + row * second.outputs
      let target = projectedGradient.pointer + row * second.outputs
      var along: Float = 0
      for j in 0..<second.outputs { along += source[j] * unit[j] }
      let length = lengths.pointer[row]
      for j in 0..<second.outputs { target[j] = (source[j] - along * unit[j]) / length }
    }
    second.backward(
      rows: images, input: hidden.pointer, outputGradient: projectedGradient.pointer,
      inputGradient: hiddenGradient.pointer)
    for index in 0..<(images * first.outputs) where hidden.pointer[index] <= 0 {
      hiddenGradient.pointer[index] = 0
    }
    first.backward(
      rows: images, input: encoder.features.pointer, outputGradient: hiddenGradient.pointer,
      inputGradient: encoder.featuresGradient.pointer)
    encoder.backward(images: images, throughHead: false)
    return parameters
  }
}
