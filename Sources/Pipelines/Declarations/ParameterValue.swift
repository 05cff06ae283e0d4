/// The value of a parameter after checking, in the one form that fingerprints and provenance see.
package enum ParameterValue: Hashable, Sendable, Codable {
  case integer(Int)
  case real(Double)
  case flag(Bool)
  case word(String)
  /// A file or folder, as written in the manifest (relative to the directory of the run).
  case path(String)
  case integers([Int])
  /// Of an image, in pixels.
  case size(height: Int, width: Int)
  case names([String])
  /// An optional parameter that was not given.
  case absent

  /// The canonical text: `10%`, `0.1` and `0.10` all become `0.1`.
  ///
  /// Two manifests that mean the same produce the same canonical text, so it is what enters a
  /// fingerprint and what is shown as "old value → new value".
  package var canonical: String {
    switch self {
    case .integer(let value): "\(value)"
    case .real(let value):
      // "1.0" and "1" must not differ, and -0 means 0.
      value == value.rounded() && value.magnitude < 1e15 ? "\(Int(value))" : "\(value)"
    case .flag(let value): value ? "yes" : "no"
    case .word(let value), .path(let value): value
    case .integers(let values):
      values.isEmpty ? "none" : values.map(String.init).joined(separator: " ")
    case .names(let values): values.joined(separator: ", ")
    case .size(let height, let width): "\(height)x\(width)"
    case .absent: "none"
    }
  }
}
