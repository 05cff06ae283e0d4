import Foundation

/// The learning rate as a function of the position in training.
package enum LearningRateSchedule: Hashable, Sendable {
  case constant(Double)
  /// rate · (1 + cos(π·epoch/period)) / 2, per epoch; `period` need not be the number of epochs.
  case cosine(rate: Double, period: Int)
  /// Multiplied by `factor` at each milestone (counted in epochs from 0).
  case steps(rate: Double, milestones: [Int], factor: Double)
  /// From peak/25 up to the peak over the first share of all steps, `rise`, then down to peak/250,000,
  /// both along half a cosine; per step. (PyTorch's OneCycleLR with its defaults, momentum left alone.)
  case oneCycle(peak: Double, epochs: Int, rise: Double = 0.3)
  /// A linear rise over the first `rise` steps, then the peak until a share `flat` of all steps, then
  /// linearly down to a share `floor` of the peak at the last one; per step.
  case trapezoid(peak: Double, epochs: Int, rise: Int, flat: Double, floor: Double)
  /// floor + (peak − floor) · (1 + cos(π·e/epochs)) / 2 in epoch e, counted from 1; before that a
  /// linear rise, per step, from `start` to the rate of epoch `warmup` (method 5.4).
  case warmedCosine(peak: Double, floor: Double, epochs: Int, warmup: Int, start: Double)
  /// Stays for the first half of the epochs, falls linearly to a hundredth at 90% of them, and stays there;
  /// per epoch. (What curves between networks are published with.)
  case linear(rate: Double, epochs: Int)

  /// The rate of a step.
  package func rate(epoch: Int, step: Int, stepsPerEpoch: Int) -> Double {
    switch self {
    case .constant(let rate):
      return rate
    case .cosine(let rate, let period):
      return rate * (1 + cos(.pi * Double(epoch) / Double(period))) / 2
    case .steps(let rate, let milestones, let factor):
      return rate * pow(factor, Double(milestones.count { $0 <= epoch }))
    case .linear(let rate, let epochs):
      let share = Double(epoch) / Double(epochs)
      return rate * (share <= 0.5 ? 1 : share <= 0.9 ? 1 - (share - 0.5) / 0.4 * 0.99 : 0.01)
    case .warmedCosine(let peak, let floor, let epochs, let warmup, let start):
      func cosine(_ epoch: Int) -> Double {
        floor + (peak - floor) * (1 + cos(.pi * Double(epoch) / Double(epochs))) / 2
      }
      guard epoch < warmup else { return cosine(epoch + 1) }
      let share = Double(epoch * stepsPerEpoch + step) / Double(warmup * stepsPerEpoch)
      return start + share * (cosine(warmup) - start)
    case .trapezoid(let peak, let epochs, let rise, let flat, let floor):
      let steps = Double(epochs * stepsPerEpoch)
      let now = Double(epoch * stepsPerEpoch + step)
      let fall = min(max((now - flat * steps) / max((1 - flat) * steps - 1, 1), 0), 1)
      return peak * min((now + 1) / Double(max(rise, 1)), 1 - fall * (1 - floor))
    case .oneCycle(let peak, let epochs, let rise):
      let last = Double(epochs * stepsPerEpoch - 1)
      let turn = rise * (last + 1) - 1
      let now = Double(epoch * stepsPerEpoch + step)
      func between(_ start: Double, _ end: Double, _ share: Double) -> Double {
        end + (start - end) * (1 + cos(.pi * share)) / 2
      }
      return now <= turn
        ? between(peak / 25, peak, turn > 0 ? now / turn : 1)
        : between(peak, peak / 250_000, (now - turn) / max(last - turn, 1))
    }
  }
}
