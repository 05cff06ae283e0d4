import Compute
import Networks

/// Fills a network from a file of tensors with PyTorch's names.
struct WeightImport {
  private let file: SafetensorsFile
  private let network: Network

  init(_ file: SafetensorsFile, into network: Network) {
    self.file = file
    self.network = network
  }

  private struct Place {
    let name: String
    let shape: [Int]
    let load: ([Float]) -> Void
  }

  private var places: [Place] {
    network.parameters.map { parameter in
      Place(name: parameter.name, shape: parameter.storedShape) { parameter.load($0, into: parameter.values) }
    }
      + network.normalizations.flatMap { normalization in
        normalization.statistics.map { name, buffer in
          Place(name: name, shape: [buffer.count]) { _ = buffer.elements.update(fromContentsOf: $0) }
        }
      }
  }

  /// Reads every tensor that is wanted.
  ///
  /// - Throws: `SafetensorsError` for tensors that are missing, left over, or of another shape or type; the
  ///   network is half filled then.
  func run(
    where isWanted: (String) -> Bool, isClassifier: (String) -> Bool
  ) throws(SafetensorsError) {
    func error(_ reason: SafetensorsError.Reason) -> SafetensorsError {
      SafetensorsError(path: file.path, reason: reason)
    }
    let places = places
    // Older files have no count of batches.
    let counts = Set(network.normalizations.map(\.batchesTrackedName))
    let known = Set(places.map(\.name)).union(counts)
    let wanted = places.filter { isWanted($0.name) }
    let missing = wanted.map(\.name).filter { file.header.tensors[$0] == nil }
    guard missing.isEmpty else { throw error(.missing(missing)) }
    let unexpected = file.header.tensors.keys.filter { !known.contains($0) }.sorted()
    guard unexpected.isEmpty else { throw error(.unexpected(unexpected)) }
    for place in wanted {
      let found = file.header.tensors[place.name]?.shape ?? []
      guard found == place.shape else {
        throw error(
          .otherShape(
            tensor: place.name, found: found, expected: place.shape, isClassifier: isClassifier(place.name)))
      }
      place.load(try file.values(of: place.name))
    }
    for normalization in network.normalizations {
      // No training takes so many that the rest of the integers would not do.
      normalization.batchesTracked = min(max(0, try file.integer(normalization.batchesTrackedName) ?? 0), 1 << 53)
    }
  }
}
