import Compute

/// Stochastic gradient descent with momentum and weight decay, PyTorch's formulas:
/// g ← gradient + decay·w, v ← momentum·v + g, w ← w − rate·v; with Nesterov's momentum
/// w ← w − rate·(g + momentum·v).
package final class StochasticGradientDescent: Optimizer {
  private let momentum: Float
  private let isNesterov: Bool
  private let settings: (NetworkParameter) -> ParameterSettings

  /// - Parameter settings: what is different for some parameters, asked for once a step and parameter.
  package init(
    momentum: Double = 0.9, weightDecay: Double = 5e-4, isNesterov: Bool = false,
    settings: ((NetworkParameter) -> ParameterSettings)? = nil
  ) {
    self.momentum = Float(momentum)
    self.isNesterov = isNesterov
    let common = ParameterSettings(weightDecay: Float(weightDecay))
    self.settings = settings ?? { _ in common }
  }

  package let stateNames = ["momentum"]

  package func step(_ list: UpdateList, rate: Double, pool: WorkerPool) {
    list.forEach(pool: pool) { index, range in
      let parameter = list.parameters[index]
      let settings = settings(parameter)
      update(
        parameter, range: range, rate: Float(rate) * settings.rateFactor,
        weightDecay: settings.weightDecay)
    }
  }

  @inline(__always)
  private func update(
    _ parameter: NetworkParameter, range: Range<Int>, rate: Float, weightDecay: Float
  ) {
    let (values, gradient, velocity) = (
      parameter.values.pointer, parameter.gradient.pointer, parameter.state[0].pointer
    )
    func body<Lanes: FloatLanes>(_ type: Lanes.Type, _ offset: Int) {
      let i = range.lowerBound + offset
      let value = Lanes(at: values + i)
      let slope = Lanes(at: gradient + i).addingProduct(value, Lanes(repeating: weightDecay))
      let speed = slope.addingProduct(Lanes(at: velocity + i), Lanes(repeating: momentum))
      speed.store(at: velocity + i)
      let direction =
        isNesterov ? slope.addingProduct(speed, Lanes(repeating: momentum)) : speed
      value.addingProduct(direction, Lanes(repeating: -rate)).store(at: values + i)
    }
    forEachLanes(range.count) { body(SIMD16<Float>.self, $0) } one: { body(Float.self, $0) }
  }
}
