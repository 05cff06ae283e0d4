import Detection
import HDF5
import Images
import Reports

/// Makes groups of the points of a t-SNE: a class each, and the poisoned ones.
enum FeatureMapAssembly {
  /// - Parameters:
  ///   - isPoisoned: the truth, where it is known.
  ///   - flags: what samples are taken for, which counts where the truth is not known.
  static func featureMap(
    _ found: EmbeddingArtifact, of images: ImageSet, isPoisoned: [Bool]?, flags: [SampleSplit.Flag]?
  ) -> ReportContents.FeatureMap {
    let isSuspect = isPoisoned ?? flags?.map { $0 == .poisoned }
    func group(_ name: String, isSuspect: Bool, _ isMember: (Int) -> Bool) -> ReportContents.FeatureMap.Group {
      let places = found.indices.indices.filter { isMember(found.indices[$0]) }
      return ReportContents.FeatureMap.Group(
        name: name, isSuspect: isSuspect, before: places.map { found.before[$0] },
        after: places.map { found.after[$0] })
    }
    let labels = Set(found.indices.map { images.labels[$0] }).sorted()
    let classes = labels.map { label in
      group(images.classNames[label], isSuspect: false) {
        images.labels[$0] == label && isSuspect?[$0] != true
      }
    }
    let suspects = group(isPoisoned == nil ? "named poisoned" : "poisoned", isSuspect: true) {
      isSuspect?[$0] == true
    }
    return ReportContents.FeatureMap(
      groups: (classes + [suspects]).filter { !$0.before.isEmpty }, transformation: found.transformation)
  }
}
