import Compute
import Images

/// A linear layer that is trained on the features of an encoder, which rests in evaluation mode.
public final class FeatureClassifier: TrainableNetwork {
  public let encoder: ResidualNetwork
  /// What features are multiplied by on their way to the linear layer.
  public let featureScale: Float
  private let linear: Linear
  private let scaled: FloatBuffer
  private let logits: FloatBuffer
  private let logitsGradient: FloatBuffer

  public init(encoder: ResidualNetwork, featureScale: Float) {
    self.encoder = encoder
    self.featureScale = featureScale
    let (features, classes) = (encoder.configuration.featureCount, encoder.configuration.classes)
    linear = Linear(name: "fc", inputs: features, outputs: classes, isHead: true)
    parameters = [linear.weight, linear.bias]
    scaled = FloatBuffer(count: encoder.capacity * features)
    logits = FloatBuffer(count: encoder.capacity * classes)
    logitsGradient = FloatBuffer(count: encoder.capacity * classes)
  }

  public var context: ExecutionContext { encoder.context }
  public var capacity: Int { encoder.capacity }
  public var input: FloatBuffer { encoder.input }
  /// The linear layer's alone.
  public let parameters: [NetworkParameter]
  public var normalizations: [BatchNormalization] { [] }

  public var outputs: [NetworkOutputKind: NetworkOutput] {
    [.logits: NetworkOutput(values: logits, gradient: logitsGradient, length: linear.outputs)]
  }

  /// PyTorch's initial distribution.
  public func initialize(seed: UInt64) {
    linear.initialize(seed: seed, purpose: RandomPurpose("classifier"), sample: 0)
  }

  /// - Parameter mode: the encoder is in evaluation mode whatever it says.
  public func forward(images: Int, mode: NetworkMode) {
    encoder.forward(images: images, mode: .evaluation)
    for index in 0..<(images * linear.inputs) {
      scaled.pointer[index] = encoder.features.pointer[index] * featureScale
    }
    linear.forward(rows: images, input: scaled.pointer, output: logits.pointer)
  }

  public func backward(images: Int, from kind: NetworkOutputKind) -> [NetworkParameter] {
    linear.backward(
      rows: images, input: scaled.pointer, outputGradient: logitsGradient.pointer,
      inputGradient: nil)
    return parameters
  }

  /// Puts the linear layer in the place of the encoder's, the scale of the features in its weights: a
  /// network like any other.
  public func installInEncoder() {
    for parameter in encoder.parameters where parameter.isInHead {
      let isWeight = parameter.storedShape.count == 2
      let source = isWeight ? linear.weight : linear.bias
      let factor = isWeight ? featureScale : 1
      for index in 0..<parameter.count {
        parameter.values.pointer[index] = source.values.pointer[index] * factor
      }
    }
  }

  /// What features have to be multiplied by for their mean length to be 1; 1 if they are all zero.
  ///
  /// - Parameter eachBatch: called after every batch.
  public static func unitScale(
    of encoder: ResidualNetwork, over indices: [Int], of assembler: BatchAssembler,
    eachBatch: (Range<Int>) throws -> Void = { _ in }
  ) rethrows -> Float {
    let length = encoder.configuration.featureCount
    var sum = 0.0
    try Inference.run(encoder, over: indices, of: assembler) { range, features, _ in
      for row in 0..<range.count {
        var square = 0.0
        for j in 0..<length {
          let value = Double(features[row * length + j])
          square += value * value
        }
        sum += square.squareRoot()
      }
      try eachBatch(range)
    }
    return sum > 0 ? Float(Double(indices.count) / sum) : 1
  }
}
