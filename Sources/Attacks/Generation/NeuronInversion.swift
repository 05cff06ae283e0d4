import Compute
import Images
import Networks

/// Makes the patch of a Trojan attack: pixels that excite some neurons of a benign model (Liu et al. 2018).
///
/// The neurons are those in front of the last linear layer that it listens to most: with the largest sums of
/// absolute weights. The pixels of a patch on a black image are moved along the sign of the gradient, so that
/// Σ (activation − goal)² falls.
package struct NeuronInversion: Hashable, Sendable {
  /// Side of the patch, in pixels, and how far it is from the edges.
  package let side: Int
  package let gap: Int
  package let neurons: Int
  /// The activation that is aimed at, well above what images give.
  package let goal: Double
  /// What an iteration changes a value by, in grey levels.
  package let step: Double
  package let iterations: Int
  /// The cost at which it stops.
  package let tolerance: Double
  package let seed: UInt64

  package init(
    side: Int = 3, gap: Int = 4, neurons: Int = 2, goal: Double = 100, step: Double = 25.5,
    iterations: Int = 1000, tolerance: Double = 1e-3, seed: UInt64
  ) {
    self.side = side
    self.gap = gap
    self.neurons = neurons
    self.goal = goal
    self.step = step
    self.iterations = iterations
    self.tolerance = tolerance
    self.seed = seed
  }

  package struct Result: Sendable {
    /// `[side, side, channels]`
    package let patch: Image<UInt8>
    /// Which neurons are excited.
    package let neurons: [Int]
    /// The mean activation of the neurons before the first iteration, and with the patch.
    package let activationBefore: Double
    package let activation: Double
    /// The cost in each iteration.
    package let costs: [Double]
  }

  /// - Parameters:
  ///   - weights: of the last linear layer, `[classes, features]`.
  ///   - eachIteration: called before each one, with how many are done.
  /// - Throws: `AttackError.imageTooSmall`, and what `eachIteration` throws.
  package func run(
    _ model: DifferentiableModel, weights: [Float],
    eachIteration: (_ done: Int) throws -> Void = { _ in }
  ) throws -> Result {
    let map = model.network.plan.shape(of: model.network.plan.input)
    let shape = ImageShape(height: map.height, width: map.width, channels: map.channels)
    guard min(shape.height, shape.width) >= side + gap else {
      throw AttackError.imageTooSmall(shape, needed: side + gap)
    }
    let chosen = strongest(weights, count: model.network.output(.features).length)
    let places = positions(on: shape)
    var stream = RandomStream(seed: seed, purpose: RandomPurpose("Trojan patch"))
    var values = places.map { _ in Float(stream.uniform(in: 0...255)) }
    var (best, lowest, before) = (values, Double.infinity, 0.0)
    var costs: [Double] = []
    for iteration in 0..<iterations {
      try eachIteration(iteration)
      let activations = activations(of: chosen, model, shape, places, values)
      let cost = activations.reduce(0) { $0 + ($1 - goal) * ($1 - goal) }
      costs.append(cost)
      if iteration == 0 { before = mean(activations) }
      if cost < lowest { (best, lowest) = (values, cost) }
      if cost < tolerance { break }
      var gradient = [Float](repeating: 0, count: model.network.output(.features).length)
      for (neuron, activation) in zip(chosen, activations) {
        gradient[neuron] = Float(2 * (activation - goal))
      }
      model.differentiate(features: gradient)
      for (index, place) in places.enumerated() {
        let slope = model.network.inputGradient.pointer[place]
        let moved = values[index] - (slope > 0 ? Float(step) : slope < 0 ? -Float(step) : 0)
        values[index] = min(255, max(0, moved))
      }
    }
    let bytes = best.map { UInt8($0.rounded()) }
    let reached = activations(of: chosen, model, shape, places, bytes.map(Float.init))
    return Result(
      patch: Image(
        pixels: bytes, shape: ImageShape(height: side, width: side, channels: shape.channels)),
      neurons: chosen, activationBefore: before, activation: mean(reached), costs: costs)
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  /// The features with the largest sums of absolute weights; the first of equal ones.
  private func strongest(_ weights: [Float], count: Int) -> [Int] {
    var sums = [Double](repeating: 0, count: count)
    for (index, weight) in weights.enumerated() { sums[index % count] += Double(weight.magnitude) }
    let order = sums.indices.sorted { (sums[$1], $0) < (sums[$0], $1) }
    return Array(order.prefix(max(1, min(neurons, count))))
  }

  /// The patch's values on an image, in the patch's order.
  private func positions(on shape: ImageShape) -> [Int] {
    let (top, left) = (shape.height - gap - side, shape.width - gap - side)
    return (0..<side).flatMap { row in
      let start = (top + row) * shape.rowCount + left * shape.channels
      return start..<start + side * shape.channels
    }
  }

  /// The activations of neurons for the patch on a black image.
  private func activations(
    of neurons: [Int], _ model: DifferentiableModel, _ shape: ImageShape, _ places: [Int],
    _ values: [Float]
  ) -> [Double] {
    var image = [Float](repeating: 0, count: shape.count)
    for (place, value) in zip(places, values) { image[place] = value }
    model.load(rows: 1, isNormalized: true) { image[$0] }
    let features = model.computeFeatures()
    return neurons.map { Double(features[$0]) }
  }
}
