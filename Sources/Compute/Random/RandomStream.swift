import Foundation

/// What random numbers are for. Streams of different purposes never share a number.
public struct RandomPurpose: Hashable, Sendable {
  let code: UInt32

  /// The code is a hash (FNV-1a) of the name, so that adding a purpose moves no other.
  public init(_ name: StaticString) {
    var hash: UInt32 = 2_166_136_261
    name.withUTF8Buffer { bytes in
      for byte in bytes { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
    }
    code = hash
  }

  /// The same for a name that is composed at run time.
  public init(named name: String) {
    code = name.utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
  }

  /// A seed of its own for everything that is done for this purpose: users of different purposes that were
  /// given the same number draw independently of each other.
  ///
  /// - Parameter number: below 2³².
  public func seed(_ number: Int) -> UInt64 {
    UInt64(code) << 32 | UInt64(UInt32(truncatingIfNeeded: number))
  }
}

/// A stream of random numbers that is a function of (seed, purpose, epoch, sample).
///
/// No stream depends on another one, so what an image's augmentation looks like depends neither on
/// the number of threads nor on the order of work, and a checkpoint need not hold generator states.
///
///     var stream = RandomStream(seed: 1, purpose: .init("flip"), epoch: 3, sample: 17)
///     let flipped = stream.uniform() < 0.5
public struct RandomStream: RandomNumberGenerator, Sendable {
  private let key: SIMD2<UInt32>
  private var counter: SIMD4<UInt32>
  private var words = SIMD4<UInt32>()
  private var used = 4

  public init(seed: UInt64, purpose: RandomPurpose, epoch: Int = 0, sample: Int = 0) {
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    counter = SIMD4(
      0, UInt32(truncatingIfNeeded: sample), UInt32(truncatingIfNeeded: epoch), purpose.code)
  }

  /// The next 32 random bits.
  public mutating func nextWord() -> UInt32 {
    if used == 4 {
      words = Philox.block(counter: counter, key: key)
      counter[0] &+= 1
      used = 0
    }
    defer { used += 1 }
    return words[used]
  }

  public mutating func next() -> UInt64 {
    let low = nextWord()
    return UInt64(nextWord()) << 32 | UInt64(low)
  }

  /// Uniform in [0, 1), with 53 random bits.
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Uniform in [`range.lowerBound`, `range.upperBound`).
  public mutating func uniform(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// Uniform in 0..<`bound`, without bias.
  public mutating func integer(below bound: Int) -> Int {
    precondition(bound > 0)
    // Lemire's multiplication with rejection; own code so that the numbers do not depend on the
    // standard library's version.
    let bound = UInt64(bound)
    let threshold = (0 &- bound) % bound
    while true {
      let product = next().multipliedFullWidth(by: bound)
      if product.low >= threshold { return Int(product.high) }
    }
  }

  /// Normal with mean 0 and variance 1 (Box–Muller; the second value of the pair is discarded, so
  /// that a normal number always costs the same share of the stream).
  public mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }

  /// A random permutation of 0..<`count` (Fisher–Yates).
  public mutating func permutation(of count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, integer(below: last + 1))
    }
    return order
  }
}
