/// Numbers as safetensors files have them: little-endian.
enum SafetensorsNumbers {
  /// - Returns: `nil` for types that are not of floating-point numbers of 16, 32 or 64 bits.
  static func floats(_ bytes: [UInt8], type: String) -> [Float]? {
    switch type {
    case "F32": integers(bytes).map { Float(bitPattern: $0) }
    case "F16": integers(bytes).map { half($0) }
    // The upper half of a number of 32 bits.
    case "BF16": integers(bytes).map { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) }
    case "F64": integers(bytes).map { (bits: UInt64) in Float(Double(bitPattern: bits)) }
    default: nil
    }
  }

  static func bytes(_ values: [Float]) -> [UInt8] {
    values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } }
  }

  static func bytes(_ value: Int) -> [UInt8] {
    withUnsafeBytes(of: Int64(value).littleEndian) { Array($0) }
  }

  private static func integers<Bits: FixedWidthInteger>(_ bytes: [UInt8]) -> [Bits] {
    bytes.withUnsafeBytes { buffer in
      stride(from: 0, to: buffer.count, by: MemoryLayout<Bits>.size).map {
        Bits(littleEndian: buffer.loadUnaligned(fromByteOffset: $0, as: Bits.self))
      }
    }
  }

  /// IEEE 754 binary16: a sign, five bits of exponent, ten of fraction.
  static func half(_ bits: UInt16) -> Float {
    let sign: Float = bits >> 15 == 0 ? 1 : -1
    let (exponent, fraction) = (Int(bits >> 10 & 31), Float(bits & 1023) / 1024)
    switch exponent {
    case 0: return sign * fraction * Float(sign: .plus, exponent: -14, significand: 1)
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * (1 + fraction) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
    }
  }
}
