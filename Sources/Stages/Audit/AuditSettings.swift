/// What a person asks an audit to do.
package struct AuditSettings: Hashable, Sendable {
  /// How much time it may take.
  package enum Effort: String, CaseIterable, Hashable, Sendable {
    case quick, standard, thorough

    /// Channels of the first stage of the network that scores.
    var width: Int {
      switch self {
      case .quick: 8
      case .standard: 16
      case .thorough: 32
      }
    }

    /// Random transformations that each sample is seen through.
    var draws: Int { self == .thorough ? 4 : 1 }
  }

  /// The folder with the set, as it stands in the manifest.
  package let path: String
  package let effort: Effort
  package let repairs: Bool

  package init(path: String, effort: Effort = .standard, repairs: Bool = false) {
    self.path = path
    self.effort = effort
    self.repairs = repairs
  }

  /// The name of the pipeline: that of the set, in letters that every file system takes.
  package var pipelineName: String {
    let last = path.split(separator: "/").last { $0 != "." && $0 != ".." } ?? "set"
    let safe = last.unicodeScalars.map { scalar -> Character in
      let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
      return isPlain || scalar == "_" || scalar == "-" ? Character(scalar) : "-"
    }
    return "audit-" + String(safe)
  }
}
