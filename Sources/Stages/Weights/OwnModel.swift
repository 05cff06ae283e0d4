import Networks
import SystemPackage

/// A model of one's own in a safetensors file: which network it is for, by the names and shapes of its tensors and by
/// what the file says of itself.
package struct OwnModel: Hashable, Sendable {
  /// The file, as it was named.
  package let path: String
  let architecture: String
  let width: Int
  /// The stem that the file names, or else the first of those that its tensors fit.
  let stem: String
  /// Others that they fit as well, where the file names none: a stride leaves no trace in weights.
  let otherStems: [String]
  /// Whether the file has the constants that pixels are scaled by.
  let hasConstants: Bool

  /// - Parameters:
  ///   - path: as it is to be named in manifests.
  ///   - place: where it is.
  /// - Throws: `SafetensorsError` for what is no such file, or one for a network that is not known here.
  package init(_ path: String, at place: FilePath) throws {
    let file = try SafetensorsFile(at: place)
    let shapes = file.header.tensors.mapValues(\.shape)
    let fits = Architectures.all.lazy.map { Self.descriptions(of: shapes, as: $0) }.first { !$0.isEmpty } ?? []
    guard let first = fits.first else {
      throw SafetensorsError(path: place, reason: Self.misfit(of: shapes))
    }
    let metadata = file.header.metadata
    let named = fits.first { $0.stem.rawValue == metadata[ImportedMetadata.stem] }
    self.path = path
    architecture = first.architecture.name
    width = first.width
    stem = (named ?? first).stem.rawValue
    otherStems = named == nil ? fits.dropFirst().map(\.stem.rawValue) : []
    hasConstants = metadata[ImportedMetadata.mean] != nil
  }

  /// The networks of an architecture that have just these tensors.
  private static func descriptions(
    of shapes: [String: [Int]], as architecture: any Architecture.Type
  ) -> [ModelDescription] {
    architecture.stems.compactMap { stem in
      candidate(architecture, stem, for: shapes).flatMap { candidate in
        let expected = candidate.plan.storedShapes
        let isFit = expected.allSatisfy { shapes[$0.key] == $0.value }
          && shapes.keys.allSatisfy { expected[$0] != nil || $0.hasSuffix(Self.countSuffix) }
        return isFit ? candidate : nil
      }
    }
  }

  private static let countSuffix = ".num_batches_tracked"
  /// Beyond these, no plan is made.
  private static let (mostChannels, mostClasses) = (1024, 100_000)

  /// As wide, for as many classes and channels, as the first and the last weights are.
  private static func candidate(
    _ architecture: any Architecture.Type, _ stem: Stem, for shapes: [String: [Int]]
  ) -> ModelDescription? {
    let names = ModelDescription(architecture: architecture, width: 2, stem: stem, classes: 2).plan
    guard let firstName = names.firstWeightName, let first = shapes[firstName], first.count == 4,
      (1...mostChannels).contains(first[0]), (1...mostChannels).contains(first[1])
    else { return nil }
    // Without a last layer it does not fit, but is known well enough to say why.
    let classes = shapes[architecture.classifier.weightName]?.first ?? 1
    return ModelDescription(
      architecture: architecture, width: first[0], stem: stem, classes: min(max(classes, 1), mostClasses),
      image: MapShape(height: 32, width: 32, channels: first[1]))
  }

  /// In what the tensors differ from those of the network that has the most of their names.
  private static func misfit(of shapes: [String: [Int]]) -> SafetensorsError.Reason {
    var best: (name: String, common: Int, expected: [String: [Int]])?
    for architecture in Architectures.all {
      for stem in architecture.stems {
        let description =
          candidate(architecture, stem, for: shapes)
          ?? ModelDescription(architecture: architecture, stem: stem, classes: 2)
        let expected = description.plan.storedShapes
        let common = expected.count { shapes[$0.key] == $0.value }
        if common > best?.common ?? 0 { best = (architecture.name, common, expected) }
      }
    }
    let names = shapes.keys.filter { !$0.hasSuffix(countSuffix) }.sorted()
    guard let best else { return .unknownNetwork(names, prefix: commonPrefix(of: names)) }
    let missing = best.expected.keys.filter { shapes[$0] == nil }.sorted()
    let unexpected = names.filter { best.expected[$0] == nil }
    let other = best.expected.keys.sorted().first { shapes[$0] != nil && shapes[$0] != best.expected[$0] }
    return .otherNetwork(
      nearest: best.name, missing: missing, unexpected: unexpected,
      shape: other.map { "'\($0)' is \(shapes[$0] ?? []), not \(best.expected[$0] ?? [])" })
  }

  /// What all names begin with, up to a point: what a wrapper around a model adds.
  private static func commonPrefix(of names: [String]) -> String? {
    guard let first = names.first, let end = first.firstIndex(of: ".") else { return nil }
    let prefix = first[...end]
    return names.count > 1 && names.allSatisfy { $0.hasPrefix(prefix) } ? String(prefix) : nil
  }
}
