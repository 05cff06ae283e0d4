import Foundation

/// Where the agreement of a check network changes along samples in the order of their confidence: easy images, whose
/// labels are kept less surely, from poison.
package struct AgreementChange: Hashable, Sendable {
  /// How many samples are before the change, and with which share of them the network agrees.
  package let count: Int
  package let agreement: Double
  /// The logarithm of how much likelier two shares are than one.
  package let gain: Double

  /// The likeliest change of the share.
  ///
  /// - Parameters:
  ///   - agrees: for each sample in order, whether the network agrees with its label.
  ///   - fewest: so many samples are on either side at least; of fewer there is no change.
  package init?(along agrees: [Bool], fewest: Int) {
    guard fewest > 0, agrees.count >= 2 * fewest else { return nil }
    let total = agrees.count { $0 }
    var before = agrees.prefix(fewest - 1).count { $0 }
    var best: (count: Int, before: Int, value: Double)?
    for count in fewest...(agrees.count - fewest) {
      if agrees[count - 1] { before += 1 }
      let value =
        Self.logLikelihood(before, of: count) + Self.logLikelihood(total - before, of: agrees.count - count)
      if value > best?.value ?? -.infinity { best = (count, before, value) }
    }
    guard let best else { return nil }
    count = best.count
    agreement = Double(best.before) / Double(best.count)
    gain = best.value - Self.logLikelihood(total, of: agrees.count)
  }

  /// Of so many hits, if their share is the probability of one.
  private static func logLikelihood(_ hits: Int, of count: Int) -> Double {
    let (hits, count) = (Double(hits), Double(count))
    func term(_ part: Double) -> Double { part > 0 ? part * log(part / count) : 0 }
    return term(hits) + term(count - hits)
  }
}
