import Foundation
import Networks

/// Numbers that `Fixtures/make_architectures.py` makes in the same way, so that no file has to hold them.
enum HashedNumbers {
  private static func hash(_ index: UInt32) -> UInt32 {
    var x = index
    x ^= x >> 16
    x = x &* 0x7feb_352d
    x ^= x >> 15
    x = x &* 0x846c_a68b
    x ^= x >> 16
    return x
  }

  private static func start(of stream: Int) -> UInt32 { UInt32(truncatingIfNeeded: stream << 20) }

  /// Evenly spread from `shift - bound` to `shift + bound`.
  static func values(_ stream: Int, count: Int, bound: Double, shift: Double = 0) -> [Float] {
    let start = start(of: stream)
    return (0..<count).map { index in
      let share = Double(hash(start &+ UInt32(truncatingIfNeeded: index))) / 4_294_967_296
      return Float((share - 0.5) * 2 * bound + shift)
    }
  }

  static func labels(step: Int, count: Int, classes: Int) -> [Int32] {
    let start = start(of: 5000 + step)
    return (0..<count).map { Int32(hash(start &+ UInt32($0)) % UInt32(classes)) }
  }

  /// Fills the parameters of a network, each from the stream of its place.
  static func fill(_ network: Network) {
    let normalizations = Set(network.normalizations.map(\.name))
    for (stream, parameter) in network.parameters.enumerated() {
      let parts = parameter.name.split(separator: ".")
      let (path, isWeight) = (parts.dropLast().joined(separator: "."), parts.last == "weight")
      let (bound, shift): (Double, Double)
      if normalizations.contains(path) {
        let isFirst = path == network.normalizations[0].name
        (bound, shift) = isWeight ? (0.5, 1) : (0.3, isFirst ? -0.5 : 0.5)
      } else {
        let fanIn = parameter.storedShape.dropFirst().reduce(1, *)
        (bound, shift) = (isWeight ? (6 / Double(fanIn)).squareRoot() : 0.1, 0)
      }
      parameter.load(
        values(stream, count: parameter.count, bound: bound, shift: shift), into: parameter.values)
    }
  }
}
