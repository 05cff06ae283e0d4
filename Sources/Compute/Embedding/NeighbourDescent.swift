import Foundation

/// Points in the plane that move down the gradient of t-SNE's divergence.
struct NeighbourDescent {
  private typealias Lanes = SIMD8<Double>

  private let probabilities: NeighbourProbabilities
  private var x: [Double]
  private var y: [Double]
  /// What the last step was, and what each coordinate's rate is multiplied by.
  private var velocity: [Double]
  private var gains: [Double]
  /// What all other points do to each.
  private var forces: [Forces]

  private static let leastGain = 0.01
  private static let rowsPerTask = 16

  private var count: Int { x.count }

  init(_ probabilities: NeighbourProbabilities, x: [Double], y: [Double]) {
    self.probabilities = probabilities
    self.x = x
    self.y = y
    velocity = [Double](repeating: 0, count: 2 * x.count)
    gains = [Double](repeating: 1, count: 2 * x.count)
    forces = [Forces](repeating: Forces(), count: x.count)
  }

  /// `[count, 2]`
  var points: [Double] { zip(x, y).flatMap { [$0, $1] } }

  /// With w = 1 / (1 + d²) of a pair at a distance of d: Σ p·w·(yᵢ − yⱼ), Σ w²·(yᵢ − yⱼ), Σ w over all j ≠ i.
  private struct Forces {
    var attraction = SIMD2<Double>()
    var repulsion = SIMD2<Double>()
    var weight = 0.0
  }

  /// - Parameter attraction: what the probabilities are multiplied by.
  mutating func step(rate: Double, momentum: Double, attraction: Double, pool: WorkerPool) {
    measureForces(pool)
    // In the order of the points, whatever thread measured them.
    let total = forces.reduce(0) { $0 + $1.weight }
    for i in 0..<count {
      let gradient = 4 * (attraction * forces[i].attraction - forces[i].repulsion / total)
      let (dx, dy) = (
        change(2 * i, gradient[0], rate: rate, momentum: momentum),
        change(2 * i + 1, gradient[1], rate: rate, momentum: momentum)
      )
      x[i] += dx
      y[i] += dy
    }
    Self.centre(&x)
    Self.centre(&y)
  }

  /// A coordinate that goes on in its direction is let go faster, one that turns is slowed down.
  private mutating func change(
    _ index: Int, _ gradient: Double, rate: Double, momentum: Double
  ) -> Double {
    let goesOn = (gradient > 0) != (velocity[index] > 0)
    gains[index] = max(goesOn ? gains[index] + 0.2 : gains[index] * 0.8, Self.leastGain)
    velocity[index] = momentum * velocity[index] - rate * gains[index] * gradient
    return velocity[index]
  }

  private static func centre(_ values: inout [Double]) {
    let mean = values.reduce(0, +) / Double(values.count)
    for i in values.indices { values[i] -= mean }
  }

  private mutating func measureForces(_ pool: WorkerPool) {
    let blocks = Blocks(count, ofAtMost: Self.rowsPerTask)
    let count = count
    forces.withUnsafeMutableBufferPointer { forces in
      x.withUnsafeBufferPointer { x in
        y.withUnsafeBufferPointer { y in
          probabilities.values.withUnsafeBufferPointer { p in
            guard let forces = forces.baseAddress, let x = x.baseAddress, let y = y.baseAddress,
              let p = p.baseAddress
            else { return }
            pool.run(blocks.blockCount) { block, _ in
              for i in blocks[block] { forces[i] = Self.forces(on: i, x, y, p + i * count, count) }
            }
          }
        }
      }
    }
  }

  /// - Parameter p: the probabilities of the pairs of this point.
  @inline(__always)
  private static func forces(
    on i: Int, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, _ p: UnsafePointer<Double>,
    _ count: Int
  ) -> Forces {
    func load(_ pointer: UnsafePointer<Double>) -> Lanes {
      UnsafeRawPointer(pointer).loadUnaligned(as: Lanes.self)
    }
    var (pullX, pullY, pushX, pushY, weights) = (Lanes(), Lanes(), Lanes(), Lanes(), Lanes())
    let (ownX, ownY) = (Lanes(repeating: x[i]), Lanes(repeating: y[i]))
    var j = 0
    while j + Lanes.scalarCount <= count {
      let (dx, dy) = (ownX - load(x + j), ownY - load(y + j))
      let weight = 1 / (1 + dx * dx + dy * dy)
      let (pull, push) = (load(p + j) * weight, weight * weight)
      pullX += pull * dx
      pullY += pull * dy
      pushX += push * dx
      pushY += push * dy
      weights += weight
      j += Lanes.scalarCount
    }
    var forces = Forces(
      attraction: SIMD2(pullX.sum(), pullY.sum()), repulsion: SIMD2(pushX.sum(), pushY.sum()),
      weight: weights.sum())
    while j < count {
      let (dx, dy) = (x[i] - x[j], y[i] - y[j])
      let weight = 1 / (1 + dx * dx + dy * dy)
      forces.attraction += p[j] * weight * SIMD2(dx, dy)
      forces.repulsion += weight * weight * SIMD2(dx, dy)
      forces.weight += weight
      j += 1
    }
    // The point is no neighbour of its own.
    forces.weight -= 1
    return forces
  }

  /// Σ p·log(p / q), q being the share of a pair's weight in that of all.
  mutating func divergence(pool: WorkerPool) -> Double {
    measureForces(pool)
    let total = forces.reduce(0) { $0 + $1.weight }
    var sum = 0.0
    for i in 0..<count {
      for j in 0..<count where i != j {
        let (dx, dy) = (x[i] - x[j], y[i] - y[j])
        let (p, q) = (probabilities.values[i * count + j], 1 / (1 + dx * dx + dy * dy) / total)
        // What is too small for a number adds nothing.
        if p > 0 && q > 0 { sum += p * Foundation.log(p / q) }
      }
    }
    return sum
  }
}
