import Compute
import Foundation

/// Orders and ranks of scores.
package enum Ranking {
  /// All samples, the lowest score first.
  ///
  /// Equal scores are ordered by a random key, so that neither the sort nor the order of the set, which
  /// may be sorted by class, decides between them.
  package static func order(of scores: [Double], seed: UInt64) -> [Int] {
    let keys = scores.indices.map { index -> UInt64 in
      var stream = RandomStream(seed: seed, purpose: RandomPurpose("tied scores"), sample: index)
      return stream.next()
    }
    return scores.indices.sorted { (scores[$0], keys[$0], $0) < (scores[$1], keys[$1], $1) }
  }

  /// The rank of each value over their number: in (0, 1], the largest value next to 1. Equal values share the
  /// mean of their ranks.
  package static func shares(of values: [Double]) -> [Double] {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var result = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      let mean = Double(start + 1 + end) / 2 / Double(values.count)
      for position in start..<end { result[order[position]] = mean }
      start = end
    }
    return result
  }

  /// ln(p / (1 − p)) of a probability, finite for 0 and 1 as well.
  package static func logit(_ probability: Double) -> Double {
    log(probability + 1e-6) - log(1 - probability + 1e-6)
  }

  /// The probability with the mean logit of several, for each sample.
  ///
  /// - Parameter probabilities: at least one list, all of the same length.
  package static func meanByLogit(_ probabilities: [[Double]]) -> [Double] {
    guard let first = probabilities.first else { return [] }
    return first.indices.map { index in
      let sum = probabilities.reduce(0) { $0 + logit($1[index]) }
      return 1 / (1 + exp(-sum / Double(probabilities.count)))
    }
  }
}
