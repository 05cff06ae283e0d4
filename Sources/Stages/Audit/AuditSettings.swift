/// What a person asks an audit to do.
package struct AuditSettings: Hashable, Sendable {
  /// How much time it may take: one look alone; a second one where the first finds nothing, and FCT beside it;
  /// the same from three first networks, and what one would have found.
  package enum Effort: String, CaseIterable, Hashable, Sendable {
    case quick, standard, thorough
  }

  /// The folder with the set, as it stands in the manifest.
  package let path: String
  package let effort: Effort
  /// Whether a model is to be trained as anyone would, or `model` taken, and the backdoor to be taken out of it.
  package let repairs: Bool
  /// Whether a model is to be trained from scratch such that it learns no label of a suspect.
  package let retrains: Bool
  /// The model to repair, where there is one.
  package let model: OwnModel?
  /// The classes to look at, by name or number; all where empty.
  package let classes: [String]
  /// Whether the path is an HDF5 file, which is trusted not to be made to crash the library.
  package let trustsHDF5: Bool
  /// Other values for the manifest's variables and parameters.
  package let overrides: [String]

  package init(
    path: String, effort: Effort = .standard, repairs: Bool = false, retrains: Bool = false, model: OwnModel? = nil,
    classes: [String] = [], trustsHDF5: Bool = false, overrides: [String] = []
  ) {
    self.retrains = retrains
    self.model = model
    self.classes = classes
    self.trustsHDF5 = trustsHDF5
    self.overrides = overrides
    self.path = path
    self.effort = effort
    self.repairs = repairs || model != nil
  }

  /// The name of the pipeline: that of the set, in letters that every file system takes.
  package var pipelineName: String {
    let last = path.split(separator: "/").last { $0 != "." && $0 != ".." } ?? "set"
    let safe = last.unicodeScalars.map { scalar -> String in
      // By their numbers, or names in other scripts would all be the same.
      guard scalar.isASCII else { return String(scalar.value, radix: 16, uppercase: true) }
      let isPlain = scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      return isPlain || scalar == "_" || scalar == "-" ? String(scalar) : "-"
    }
    return "audit-" + safe.joined()
  }
}
