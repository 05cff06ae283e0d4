import Compute

/// A ResNet-18 with its activations, parameters and gradients, for batches of up to `capacity` images.
///
/// One pass at a time: `forward` reads `input` and fills `features` and `logits`; for a backward pass
/// the caller fills `logitsGradient` (or `featuresGradient`) and finds the result in the parameters.
public final class ResidualNetwork {
  public let configuration: ResidualNetworkConfiguration
  public let capacity: Int
  public let context: ExecutionContext

  /// `[capacity, height, width, channels]`
  public let input: FloatBuffer
  /// After global average pooling, before the linear layer: `[capacity, 8 · width]`.
  public let features: FloatBuffer
  /// `[capacity, classes]`
  public let logits: FloatBuffer
  public let featuresGradient: FloatBuffer
  public let logitsGradient: FloatBuffer

  private let stem: NormalizedConvolution
  private let stemOutput: FloatBuffer
  private let maxPooling: MaxPooling?
  private let pooled: FloatBuffer?
  private let blocks: [ResidualBlock]
  private let averagePooling: AveragePooling
  private let head: Linear
  private let gradients: GradientBuffers

  public init(
    _ configuration: ResidualNetworkConfiguration, capacity: Int, context: ExecutionContext
  ) {
    self.configuration = configuration
    self.capacity = capacity
    self.context = context
    let width = configuration.width
    let isLarge = configuration.stem == .large
    stem = NormalizedConvolution(
      convolutionName: "conv1", normalizationName: "bn1",
      shape: ConvolutionShape(
        batch: capacity, inputHeight: configuration.height, inputWidth: configuration.imageWidth,
        inputChannels: configuration.inputChannels, outputChannels: width,
        kernel: isLarge ? 7 : 3, stride: configuration.stem.stride,
        padding: isLarge ? 3 : 1),
      context: context)
    stemOutput = FloatBuffer(count: stem.outputCount)
    var (height, imageWidth) = (stem.shape.outputHeight, stem.shape.outputWidth)
    if !configuration.stem.hasPooling {
      maxPooling = nil
      pooled = nil
    } else {
      let pooling = MaxPooling(
        batch: capacity, inputHeight: height, inputWidth: imageWidth, channels: width,
        context: context)
      maxPooling = pooling
      (height, imageWidth) = (pooling.outputHeight, pooling.outputWidth)
      pooled = FloatBuffer(count: capacity * height * imageWidth * width)
    }
    var blocks: [ResidualBlock] = []
    var channels = width
    for (stage, factor) in [1, 2, 4, 8].enumerated() {
      for index in 0..<2 {
        let block = ResidualBlock(
          name: "layer\(stage + 1).\(index)", batch: capacity, height: height, width: imageWidth,
          inputChannels: channels, outputChannels: factor * width,
          stride: stage > 0 && index == 0 ? 2 : 1, context: context)
        (height, imageWidth) = (block.second.shape.outputHeight, block.second.shape.outputWidth)
        channels = factor * width
        blocks.append(block)
      }
    }
    self.blocks = blocks
    averagePooling = AveragePooling(pixels: height * imageWidth, channels: channels)
    head = Linear(name: "fc", inputs: channels, outputs: configuration.classes, isHead: true)
    input = FloatBuffer(
      count: capacity * configuration.height * configuration.imageWidth
        * configuration.inputChannels)
    features = FloatBuffer(count: capacity * channels)
    featuresGradient = FloatBuffer(count: capacity * channels)
    logits = FloatBuffer(count: capacity * configuration.classes)
    logitsGradient = FloatBuffer(count: capacity * configuration.classes)
    gradients = GradientBuffers(count: max(stem.outputCount, blocks[0].output.count))
  }

  private var convolutions: [NormalizedConvolution] { [stem] + blocks.flatMap(\.convolutions) }

  /// All parameters, in the order of PyTorch's `state_dict`.
  public private(set) lazy var parameters: [NetworkParameter] =
    convolutions.flatMap(\.parameters) + [head.weight, head.bias]

  /// All but the linear layer's.
  public private(set) lazy var featureParameters: [NetworkParameter] = parameters.filter { !$0.isInHead }

  /// The batch normalisations, in the same order.
  public private(set) lazy var normalizations: [BatchNormalization] =
    convolutions.map(\.normalization)

  /// Computes features and logits of the first `images` images of `input`.
  public func forward(images: Int, mode: NetworkMode) {
    precondition(images <= capacity)
    stem.forward(
      images: images, input: input.pointer, output: stemOutput.pointer, rectifies: true, mode: mode)
    if let maxPooling, let pooled {
      maxPooling.forward(images: images, input: stemOutput.pointer, output: pooled.pointer)
    }
    var activation = (pooled ?? stemOutput).pointer
    for block in blocks {
      block.forward(images: images, input: activation, mode: mode)
      activation = block.output.pointer
    }
    averagePooling.forward(images: images, input: activation, output: features.pointer)
    head.forward(rows: images, input: features.pointer, output: logits.pointer)
  }

  /// Computes the parameters' gradients from `logitsGradient` or `featuresGradient`; without the linear
  /// layer, its gradients stay as they are.
  func backward(images: Int, throughHead: Bool) {
    if throughHead {
      head.backward(
        rows: images, input: features.pointer, outputGradient: logitsGradient.pointer,
        inputGradient: featuresGradient.pointer)
    }
    averagePooling.backward(
      images: images, outputGradient: featuresGradient.pointer, inputGradient: gradients.current)
    for index in blocks.indices.reversed() {
      let input = index > 0 ? blocks[index - 1].output : pooled ?? stemOutput
      blocks[index].backward(
        images: images, input: input.pointer, gradients: gradients)
    }
    var stemGradient = gradients.current
    if let maxPooling {
      stemGradient = gradients.spare(0)
      maxPooling.backward(
        images: images, outputGradient: gradients.current, inputGradient: stemGradient)
    }
    stem.backwardThroughNormalization(
      images: images, output: stemOutput.pointer, outputGradient: stemGradient,
      convolvedGradient: stemGradient)
    stem.backwardToWeights(images: images, input: input.pointer, convolvedGradient: stemGradient)
  }

  /// Fills the parameters with PyTorch's initial distributions for this network: convolutions normal
  /// with variance 2 / (kernel² · outputs), linear layer uniform within ±1/√inputs.
  public func initialize(seed: UInt64) {
    let purpose = RandomPurpose("initial weights")
    for (index, parameter) in parameters.enumerated() {
      var stream = RandomStream(seed: seed, purpose: purpose, sample: index)
      if parameter.isInHead {
        let bound = 1 / Double(configuration.featureCount).squareRoot()
        for i in 0..<parameter.count {
          parameter.values.pointer[i] = Float(stream.uniform(in: -bound...bound))
        }
      } else if parameter.storedShape.count == 4 {
        let fanOut = parameter.storedShape[0] * parameter.storedShape[2] * parameter.storedShape[3]
        let deviation = (2 / Double(fanOut)).squareRoot()
        for i in 0..<parameter.count {
          parameter.values.pointer[i] = Float(stream.normal() * deviation)
        }
      }
    }
  }
}

extension ResidualNetwork {
  /// Forgets the optimiser's momentum: a new training of the same weights begins.
  public func resetMomentum() {
    for parameter in parameters { parameter.velocity.fill(with: 0) }
  }
}
