import Compute

/// A network with its parameters and activations, for batches of up to `capacity` images: a plan for which
/// memory was allocated.
///
/// One pass at a time: fill `input`, call `forward`, read the outputs. For a backward pass, fill the
/// gradients of some outputs and call `backward` with a pass that was made for them:
///
///     let pass = network.gradientPass(from: [.logits])
///     network.forward(images: 32, ForwardPass(mode: .training))
///     … network.output(.logits).gradient …
///     network.backward(images: 32, pass)
///     optimizer.step(pass.parameters, rate: 0.01, pool: network.context.pool)
///
/// One that is made for inference takes a fraction of the memory, and has no backward pass through maps.
package final class Network {
  package let plan: NetworkPlan
  /// Images of the largest batch.
  package let capacity: Int
  package let use: NetworkUse
  package let context: ExecutionContext
  /// `[capacity, height, width, channels]`
  package let input: FloatBuffer
  /// All parameters, in the order of PyTorch's `state_dict`.
  package let parameters: [NetworkParameter]
  /// All batch normalisations, in the same order.
  package let normalizations: [BatchNormalization]
  /// The gradient with respect to the input, `[capacity, height, width, channels]`, after a pass that was
  /// made for it.
  package internal(set) var inputGradient = FloatBuffer(count: 0)

  let layout: NetworkLayout
  let valuePlan: ValuePlan
  let layers: [any Layer]
  private let scalings: [String: ScalingLayer]
  /// Of the roots.
  private let memory: [Int: FloatBuffer]
  private var outputs: [Tap: NetworkOutput] = [:]
  /// Memory for gradients, shared by passes: only one is at work at a time.
  var gradientSlots: [FloatBuffer] = []

  /// - Parameter taps: those that a network for inference has outputs of; for training it is all.
  package init(
    _ plan: NetworkPlan, capacity: Int, context: ExecutionContext, for use: NetworkUse = .training,
    keeping taps: Set<Tap> = NetworkUse.usualTaps
  ) {
    let layout = NetworkLayout(plan)
    let valuePlan = ValuePlan(layout, for: use, keeping: taps)
    let memory = valuePlan.allocate(capacity: capacity)
    let maker = LayerMaker(layout, memory: memory, capacity: capacity, context: context, for: use)
    let layers = layout.layers.map { maker.layer($0) }
    // Layers stand in the order in which they run, parameters in that of the plan.
    let order = layers.indices.sorted {
      layout.layers[$0].nodes.first ?? 0 < layout.layers[$1].nodes.first ?? 0
    }
    var scalings: [String: ScalingLayer] = [:]
    for (layer, description) in zip(layers, layout.layers) {
      if let layer = layer as? ScalingLayer, let node = description.nodes.first {
        scalings[plan.entries[node].name] = layer
      }
    }
    self.plan = plan
    self.capacity = capacity
    self.use = use
    self.context = context
    self.layout = layout
    self.valuePlan = valuePlan
    self.memory = memory
    self.layers = layers
    self.scalings = scalings
    input = memory[0] ?? FloatBuffer(count: 0)
    parameters = order.flatMap { layers[$0].parameters }
    normalizations = order.compactMap { layers[$0].normalization }
  }

  /// The numbers at a tap, and room for the gradient of a loss in them.
  ///
  /// - Precondition: the plan has the tap, and the network keeps it.
  package func output(_ tap: Tap) -> NetworkOutput {
    if let known = outputs[tap] { return known }
    guard let node = plan.taps[tap], let shape = plan.shape(at: tap), let values = memory[node],
      valuePlan.keeps(node)
    else { preconditionFailure("the network has no tap '\(tap.rawValue)', or does not keep it") }
    let output = NetworkOutput(values: values, shape: shape)
    outputs[tap] = output
    return output
  }

  /// Sets the number that a scaling of the plan multiplies by.
  package func setScale(_ name: String, to factor: Float) { scalings[name]?.factor = factor }

  /// Fills the parameters as the plan says, each from a stream of its own.
  ///
  /// - Parameter purpose: networks of different purposes have different weights for the same seed.
  package func initialize(seed: UInt64, purpose: RandomPurpose = RandomPurpose("initial weights")) {
    for (index, parameter) in parameters.enumerated() {
      var stream = RandomStream(seed: seed, purpose: purpose, sample: index)
      parameter.initialize(from: &stream)
    }
  }

  /// Computes all values from the first `images` images of `input`.
  package func forward(images: Int, _ pass: ForwardPass) {
    precondition(images <= capacity)
    precondition(use == .training || pass.mode == .evaluation, "the network was made for inference")
    for layer in layers { layer.forward(images: images, pass) }
  }

  package func forward(images: Int, mode: NetworkMode) {
    forward(images: images, ForwardPass(mode: mode))
  }
}

/// Numbers that a network computed, and room for the gradient of a loss in them.
package final class NetworkOutput {
  /// `[capacity, length]`: for a map `[capacity, height, width, channels]`.
  package let values: FloatBuffer
  /// Of an image.
  package let shape: MapShape
  /// `[capacity, length]`; a backward pass may overwrite it.
  package private(set) lazy var gradient = FloatBuffer(count: values.count)

  init(values: FloatBuffer, shape: MapShape) {
    self.values = values
    self.shape = shape
  }

  /// Numbers of an image.
  package var length: Int { shape.count }
}
