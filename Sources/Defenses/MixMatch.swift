import Foundation

/// The parts of MixMatch (Berthelot et al. 2019), as DBD trains with it: guessed labels are sharpened, images and
/// labels are mixed in pairs, and two losses look at the mixture.
package enum MixMatch {
  /// Sharpens the mean of two views' probabilities: p^(1/temperature), over its sum.
  ///
  /// - Parameters:
  ///   - first, second: logits, `[classes]`.
  ///   - target: `[classes]`, to be written.
  package static func sharpen(
    _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>, classes: Int, temperature: Double,
    into target: UnsafeMutablePointer<Float>
  ) {
    let (p, q) = (softmax(first, classes), softmax(second, classes))
    let powers = zip(p, q).map { pow(($0 + $1) / 2, 1 / temperature) }
    let sum = powers.reduce(0, +)
    for k in 0..<classes { target[k] = Float(powers[k] / sum) }
  }

  /// Mixes every row with another: share · row + (1 − share) · rows[partner].
  ///
  /// - Parameters:
  ///   - rows: `[partners.count, length]`
  ///   - result: of the same shape, other memory.
  package static func mix(
    _ rows: UnsafePointer<Float>, length: Int, partners: [Int], share: Float,
    into result: UnsafeMutablePointer<Float>
  ) {
    for (row, partner) in partners.enumerated() {
      let (own, other, target) = (
        rows + row * length, rows + partner * length, result + row * length
      )
      for i in 0..<length { target[i] = share * own[i] + (1 - share) * other[i] }
    }
  }

  /// The mean cross-entropy against soft labels, and its gradient.
  ///
  /// - Parameters:
  ///   - logits, targets, gradient: `[rows, classes]`
  package static func softCrossEntropy(
    rows: Int, classes: Int, logits: UnsafePointer<Float>, targets: UnsafePointer<Float>,
    gradient: UnsafeMutablePointer<Float>
  ) -> Double {
    var loss = 0.0
    for row in 0..<rows {
      let p = softmax(logits + row * classes, classes)
      var mass = 0.0
      for k in 0..<classes {
        let target = Double(targets[row * classes + k])
        mass += target
        if target > 0 { loss -= target * log(max(p[k], .leastNormalMagnitude)) }
      }
      for k in 0..<classes {
        let target = Double(targets[row * classes + k])
        gradient[row * classes + k] = Float((mass * p[k] - target) / Double(rows))
      }
    }
    return loss / Double(max(rows, 1))
  }

  /// The mean squared difference of probabilities and soft labels, over rows and classes, and `weight` times
  /// its gradient.
  package static func squaredDifference(
    rows: Int, classes: Int, logits: UnsafePointer<Float>, targets: UnsafePointer<Float>, weight: Double,
    gradient: UnsafeMutablePointer<Float>
  ) -> Double {
    let count = Double(max(rows * classes, 1))
    var loss = 0.0
    for row in 0..<rows {
      let p = softmax(logits + row * classes, classes)
      var product = 0.0
      for k in 0..<classes {
        let difference = p[k] - Double(targets[row * classes + k])
        loss += difference * difference
        product += difference * p[k]
      }
      for k in 0..<classes {
        let difference = p[k] - Double(targets[row * classes + k])
        gradient[row * classes + k] = Float(2 * weight / count * p[k] * (difference - product))
      }
    }
    return loss / count
  }

  private static func softmax(_ logits: UnsafePointer<Float>, _ classes: Int) -> [Double] {
    let top = (0..<classes).reduce(-Double.infinity) { max($0, Double(logits[$1])) }
    let powers = (0..<classes).map { exp(Double(logits[$0]) - top) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }
}
