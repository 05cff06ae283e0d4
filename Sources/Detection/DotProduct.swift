/// Sums of products of numbers, in an order that does not depend on the machine.
enum DotProduct {
  /// - Parameter start: where the first factor begins in `values`; it is as long as the second.
  static func of(
    _ values: UnsafeBufferPointer<Float>, from start: Int, _ others: UnsafeBufferPointer<Float>
  ) -> Double {
    precondition(start >= 0 && start + others.count <= values.count, "a factor for each")
    let bytes = UnsafeRawBufferPointer(values)
    return of(
      others, sixteen: { bytes.loadUnaligned(fromByteOffset: 4 * (start + $0), as: SIMD16<Float>.self) },
      one: { values[start + $0] })
  }

  /// Of `count` numbers from a place on with as many others.
  static func of(
    _ values: UnsafeBufferPointer<Double>, from start: Int, _ others: UnsafeBufferPointer<Double>, from place: Int,
    count: Int
  ) -> Double {
    precondition(start >= 0 && start + count <= values.count && place >= 0 && place + count <= others.count)
    let (first, second) = (UnsafeRawBufferPointer(values), UnsafeRawBufferPointer(others))
    var sums = SIMD8<Double>.zero
    let whole = count / 8 * 8
    for offset in stride(from: 0, to: whole, by: 8) {
      sums +=
        first.loadUnaligned(fromByteOffset: 8 * (start + offset), as: SIMD8<Double>.self)
        * second.loadUnaligned(fromByteOffset: 8 * (place + offset), as: SIMD8<Double>.self)
    }
    var sum = sums.sum()
    for offset in whole..<count { sum += values[start + offset] * others[place + offset] }
    return sum
  }

  /// The same with the pixels of an image.
  static func of(
    _ pixels: UnsafeBufferPointer<UInt8>, from start: Int, _ others: UnsafeBufferPointer<Float>
  ) -> Double {
    precondition(start >= 0 && start + others.count <= pixels.count, "a factor for each")
    let bytes = UnsafeRawBufferPointer(pixels)
    return of(
      others,
      sixteen: { SIMD16<Float>(bytes.loadUnaligned(fromByteOffset: start + $0, as: SIMD16<UInt8>.self)) },
      one: { Float(pixels[start + $0]) })
  }

  @inline(__always)
  private static func of(
    _ others: UnsafeBufferPointer<Float>, sixteen: (Int) -> SIMD16<Float>, one: (Int) -> Float
  ) -> Double {
    let bytes = UnsafeRawBufferPointer(others)
    var sums = SIMD16<Float>.zero
    let whole = others.count / 16 * 16
    for offset in stride(from: 0, to: whole, by: 16) {
      sums += sixteen(offset) * bytes.loadUnaligned(fromByteOffset: 4 * offset, as: SIMD16<Float>.self)
    }
    var sum = Double(sums.sum())
    for offset in whole..<others.count { sum += Double(one(offset) * others[offset]) }
    return sum
  }
}
