/// Along one axis, which places of the source every place of the result is a mean of, and with which weights.
///
/// A triangle filter that is as wide as two places of the larger of the two, so that nothing of the source is
/// left out when it shrinks. Agrees bit for bit with Pillow's `resize(…, BILINEAR)` of bytes: weights in double
/// precision, then with 22 fractional bits.
struct ResamplingAxis {
  static let weightBits: Int32 = 22

  /// The first place of the source, for each place of the result.
  private(set) var firsts: [Int] = []
  /// How many places, for each place of the result.
  private(set) var counts: [Int] = []
  /// `[result, most places]`.
  private(set) var weights: [Int32] = []
  /// The most places that any place of the result has.
  let width: Int

  init(from size: Int, to target: Int) {
    let scale = Double(size) / Double(target)
    let support = max(1, scale)
    width = Int(support.rounded(.up)) * 2 + 1
    firsts.reserveCapacity(target)
    counts.reserveCapacity(target)
    weights = [Int32](repeating: 0, count: target * width)
    for place in 0..<target {
      let centre = (Double(place) + 0.5) * scale
      let first = max(0, Int(centre - support + 0.5))
      let count = min(size, Int(centre + support + 0.5)) - first
      let shares = (0..<count).map { offset in
        let distance = (Double(offset + first) - centre + 0.5) * (1 / support)
        return max(0, 1 - abs(distance))
      }
      let sum = shares.reduce(0, +)
      for (offset, share) in shares.enumerated() {
        let weight = sum == 0 ? share : share / sum
        weights[place * width + offset] = Int32(0.5 + weight * Double(1 << Self.weightBits))
      }
      firsts.append(first)
      counts.append(count)
    }
  }
}
