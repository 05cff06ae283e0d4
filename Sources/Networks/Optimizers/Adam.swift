import Compute
import Foundation

/// Adam with PyTorch's formulas (weight decay is added to the gradient):
/// m ← β₁·m + (1 − β₁)·g, s ← β₂·s + (1 − β₂)·g², w ← w − rate/(1 − β₁ᵗ) · m / (√(s/(1 − β₂ᵗ)) + ε).
package final class Adam: Optimizer {
  private let decay1: Float
  private let decay2: Float
  private let epsilon: Float
  private let settings: (NetworkParameter) -> ParameterSettings
  /// Steps taken.
  private var steps = 0

  /// - Parameter settings: what is different for some parameters, asked for once a step and parameter.
  package init(
    decay1: Double = 0.9, decay2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0,
    settings: ((NetworkParameter) -> ParameterSettings)? = nil
  ) {
    self.decay1 = Float(decay1)
    self.decay2 = Float(decay2)
    self.epsilon = Float(epsilon)
    let common = ParameterSettings(weightDecay: Float(weightDecay))
    self.settings = settings ?? { _ in common }
  }

  package let stateNames = ["first_moment", "second_moment"]

  package var numbers: [String: Double] {
    get { ["steps": Double(steps)] }
    set { steps = Int(newValue["steps"] ?? 0) }
  }

  package func step(_ list: UpdateList, rate: Double, pool: WorkerPool) {
    steps += 1
    let correction1 = 1 - pow(Double(decay1), Double(steps))
    let correction2 = Float((1 - pow(Double(decay2), Double(steps))).squareRoot())
    list.forEach(pool: pool) { index, range in
      let parameter = list.parameters[index]
      let settings = settings(parameter)
      let rate = Float(rate / correction1) * settings.rateFactor
      let (values, gradient) = (parameter.values.pointer, parameter.gradient.pointer)
      let (first, second) = (parameter.state[0].pointer, parameter.state[1].pointer)
      for i in range {
        let slope = gradient[i] + settings.weightDecay * values[i]
        first[i] += (1 - decay1) * (slope - first[i])
        second[i] = decay2 * second[i] + (1 - decay2) * slope * slope
        values[i] -= rate * first[i] / (second[i].squareRoot() / correction2 + epsilon)
      }
    }
  }
}
