import Compute
import Networks

/// A quadratic Bézier curve between the weights of two networks (Garipov et al. 2018; Zhao et al. 2020, MCR):
/// φ(u) = (1 − u)²·w₁ + 2u(1 − u)·θ + u²·w₂.
package struct WeightCurve {
  /// w₁ and w₂: all parameters of a network, in the engine's order.
  private let start: [FloatBuffer]
  private let end: [FloatBuffer]

  /// Between the weights that two networks of the same plan have now.
  package init(from start: Network, to end: Network) {
    precondition(start.parameters.map(\.name) == end.parameters.map(\.name))
    self.start = start.parameters.map { FloatBuffer($0.values.array) }
    self.end = end.parameters.map { FloatBuffer($0.values.array) }
  }

  /// Fills a network with the middle of w₁ and w₂: where θ begins.
  package func fillWithMiddle(_ network: Network) {
    for (index, parameter) in network.parameters.enumerated() {
      let (from, to) = (start[index].pointer, end[index].pointer)
      for i in 0..<parameter.count { parameter.values.pointer[i] = (from[i] + to[i]) / 2 }
    }
  }

  /// Takes a network from θ to φ(u).
  package func move(_ network: Network, to u: Double) {
    let (first, middle, last) = (
      Float((1 - u) * (1 - u)), Float(2 * u * (1 - u)), Float(u * u)
    )
    for (index, parameter) in network.parameters.enumerated() {
      let (from, to, values) = (start[index].pointer, end[index].pointer, parameter.values.pointer)
      for i in 0..<parameter.count {
        values[i] = first * from[i] + middle * values[i] + last * to[i]
      }
    }
  }
}
