import Compute

/// Stochastic gradient descent with momentum and weight decay, PyTorch's formula:
/// v ← momentum·v + (gradient + decay·w), w ← w − rate·v.
public struct StochasticGradientDescent: Sendable {
  public let momentum: Float
  public let weightDecay: Float

  public init(momentum: Double = 0.9, weightDecay: Double = 5e-4) {
    self.momentum = Float(momentum)
    self.weightDecay = Float(weightDecay)
  }

  private static let blockSize = 1 << 15

  /// Takes one step with every parameter, in parallel.
  public func step(_ parameters: [NetworkParameter], rate: Double, pool: WorkerPool) {
    let rate = Float(rate)
    for parameter in parameters {
      let blocks = Blocks(parameter.count, ofAtMost: Self.blockSize)
      pool.run(blocks.blockCount) { block, _ in
        update(parameter, range: blocks[block], rate: rate)
      }
    }
  }

  @inline(__always)
  private func update(_ parameter: NetworkParameter, range: Range<Int>, rate: Float) {
    let (values, gradient, velocity) = (
      parameter.values.pointer, parameter.gradient.pointer, parameter.velocity.pointer
    )
    func body<Lanes: FloatLanes>(_ type: Lanes.Type, _ i: Int) {
      let value = Lanes(at: values + i)
      let slope = Lanes(at: gradient + i).addingProduct(value, Lanes(repeating: weightDecay))
      let speed = slope.addingProduct(Lanes(at: velocity + i), Lanes(repeating: momentum))
      speed.store(at: velocity + i)
      value.addingProduct(speed, Lanes(repeating: -rate)).store(at: values + i)
    }
    var i = range.lowerBound
    while i + 16 <= range.upperBound {
      body(SIMD16<Float>.self, i)
      i += 16
    }
    while i < range.upperBound {
      body(Float.self, i)
      i += 1
    }
  }
}
