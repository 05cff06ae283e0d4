/// What becomes of a pixel value below 0 or above 255.
package enum Overflow: String, AttackWord {
  /// The nearest value that there is.
  case saturate
  /// The remainder modulo 256: what a conversion to bytes without clipping gives.
  case wrap

  package var summary: String {
    switch self {
    case .saturate: "values above 255 become 255, those below 0 become 0"
    case .wrap: "values wrap around modulo 256, as in the published code"
    }
  }

  /// The byte for a value, its fraction cut off.
  package func byte(_ value: Double) -> UInt8 {
    switch self {
    // NaN, of strengths without measure, is more than nothing neither way.
    case .saturate: value > 0 ? UInt8(min(255, value)) : 0
    case .wrap: value.magnitude < 1e15 ? UInt8(truncatingIfNeeded: Int(value)) : 0
    }
  }
}
