import Compute
import Images
import Networks
import ONNX
import TestSupport
import Testing

/// A network with arbitrary weights and statistics, some pictures, and what it says of them.
struct ExampleNetwork {
  let network: Network
  let output: Tap
  let normalization: Normalization
  private let images = 3
  /// `[images, height, width, channels]`, 0 to 255.
  private var pixels: [UInt8] = []

  init(_ plan: NetworkPlan, output: Tap = .logits) {
    self.output = output
    network = Network(plan, capacity: images, context: ExecutionContext())
    network.initialize(seed: 5)
    var generator = SeededGenerator(seed: 7)
    func fill(_ values: FloatBuffer, in range: ClosedRange<Float>) {
      for i in 0..<values.count { values.pointer[i] = .random(in: range, using: &generator) }
    }
    for normalization in network.normalizations {
      fill(normalization.scale.values, in: 0.5...1.5)
      fill(normalization.shift.values, in: -0.5...0.5)
      fill(normalization.runningMean, in: -0.5...0.5)
      fill(normalization.runningVariance, in: 0.5...2)
    }
    for parameter in network.parameters where parameter.name.hasSuffix("bias") {
      fill(parameter.values, in: -0.5...0.5)
    }
    let shape = plan.shape(of: plan.input)
    normalization = Normalization(
      mean: (0..<shape.channels).map { 0.4 + 0.05 * Float($0) },
      standardDeviation: (0..<shape.channels).map { 0.2 + 0.02 * Float($0) })
    pixels = (0..<(images * shape.count)).map { _ in .random(in: 0...255, using: &generator) }
  }

  private var shape: MapShape { network.plan.shape(of: network.plan.input) }

  /// The weights and statistics by name.
  func tensor(_ name: String) -> ModelTensor? {
    if let parameter = network.parameters.first(where: { $0.name == name }) {
      return ModelTensor(shape: parameter.storedShape, values: parameter.exported(parameter.values))
    }
    let statistics = network.normalizations.flatMap(\.statistics).first { $0.name == name }
    return statistics.map { ModelTensor(shape: [$0.values.count], values: $0.values.array) }
  }

  var model: ONNXModel { ONNXModel(network.plan, outputs: [output], normalization: normalization) }

  func bytes() throws -> [UInt8] { try model.bytes(tensor: tensor) }

  /// The pictures in ONNX's axis order.
  func pictures() throws -> TensorValue {
    let shape = shape
    return try TensorValue([images, shape.channels, shape.height, shape.width]) { place in
      let pixel = (place[0] * shape.height + place[2]) * shape.width + place[3]
      return Float(pixels[pixel * shape.channels + place[1]])
    }
  }

  /// What the network's own code says, in ONNX's axis order.
  func expected() throws -> TensorValue {
    for (index, value) in pixels.enumerated() {
      network.input.pointer[index] = normalization(Float(value) / 255, channel: index % shape.channels)
    }
    network.forward(images: images, mode: .evaluation)
    let (values, shape) = (network.output(output).values, network.output(output).shape)
    if shape.pixels == 1 { return try TensorValue(shape: [images, shape.channels], values: values.array) }
    return try TensorValue([images, shape.channels, shape.height, shape.width]) { place in
      let pixel = (place[0] * shape.height + place[2]) * shape.width + place[3]
      return values.pointer[pixel * shape.channels + place[1]]
    }
  }

  /// - Parameter tolerance: in units of the largest number, or of 1 where all are smaller.
  func expectClose(
    _ found: TensorValue, within tolerance: Float = 1e-4, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let expected = try expected()
    #expect(found.shape == expected.shape, sourceLocation: sourceLocation)
    // All the same would agree with much.
    #expect(Set(expected.values).count > 9, sourceLocation: sourceLocation)
    let scale = expected.values.reduce(1) { max($0, abs($1)) }
    let error = zip(found.values, expected.values).reduce(0) { max($0, abs($1.0 - $1.1)) }
    #expect(error <= tolerance * scale, "\(error) of \(scale)", sourceLocation: sourceLocation)
  }
}

/// The networks that are exported here.
enum Example: String, CaseIterable, Sendable {
  case resnet, resnetPlain, resnetStrided, resnetLarge, vgg, vggPlain, densenet, densenetPlain, densenetPooled, encoder

  private var description: ModelDescription {
    let image = MapShape(height: 32, width: 32, channels: 3)
    func make(_ architecture: any Architecture.Type, _ width: Int, _ stem: Stem) -> ModelDescription {
      ModelDescription(architecture: architecture, width: width, stem: stem, classes: 7, image: image)
    }
    return switch self {
    case .resnet: make(ResNet18.self, 6, .maxPooling)
    case .resnetPlain: make(ResNet18.self, 4, .plain)
    case .resnetStrided: make(ResNet18.self, 4, .strided)
    case .resnetLarge, .encoder: make(ResNet18.self, 4, .large)
    case .vgg: make(VGG19BN.self, 2, .large)
    case .vggPlain: make(VGG19BN.self, 4, .plain)
    case .densenet: make(DenseNet161.self, 4, .large)
    case .densenetPlain: make(DenseNet161.self, 2, .plain)
    case .densenetPooled: make(DenseNet161.self, 4, .maxPooling)
    }
  }

  var network: ExampleNetwork {
    self == .encoder
      ? ExampleNetwork(description.contrastivePlan, output: .embeddings) : ExampleNetwork(description.plan)
  }

  /// Every operation that architectures do not use, on a grey image with unequal sides.
  static var rareOperations: ExampleNetwork {
    var plan = NetworkPlan(input: MapShape(height: 9, width: 7, channels: 1))
    var x = plan.convolution(plan.input, "first", outputs: 5, kernel: 3, stride: 2, padding: 1, hasBias: true)
    x = plan.sigmoid(plan.upsampling(x, factor: 2))
    x = plan.padding(x, top: 1, left: 2, bottom: 3)
    x = plan.averagePooling(x, kernel: 3, stride: 2, padding: 1)
    let uneven = plan.adaptiveAveragePooling(x, height: 4, width: 3)
    let halved = plan.adaptiveAveragePooling(plan.adaptiveAveragePooling(x, height: 8, width: 6), height: 4, width: 3)
    x = plan.concatenation([uneven, halved])
    var vector = plan.rectifier(plan.linear(x, "middle", outputs: 6, hasBias: false))
    vector = plan.dropout(plan.batchNormalization(vector, "normal"), rate: 0.3)
    // A vector is a map of one pixel.
    let spread = plan.upsampling(vector, factor: 2)
    let mean = plan.adaptiveAveragePooling(spread, height: 1, width: 1)
    let sum = plan.sum(plan.scaling(vector, "scale"), plan.sum(mean, vector))
    plan.tap(.embeddings, plan.unitLength(plan.concatenation([sum, vector])))
    plan.tap("spread", plan.padding(spread, right: 1))
    return ExampleNetwork(plan, output: .embeddings)
  }
}
