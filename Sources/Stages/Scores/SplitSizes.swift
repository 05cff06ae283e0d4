import Defenses
import Detection
import Images
import Pipelines

/// How many samples a split names clean, uncertain and poisoned: what secure training says of them.
struct SplitSizes {
  let split: SampleSplit
  let images: ImageSet

  /// - Throws: `ArtifactError` when the split is not one of these images.
  init(_ split: SampleSplit, of images: ImageSet) throws {
    guard split.flags.count == images.count else {
      throw ArtifactError.differentCounts("flags", split.flags.count, "images", images.count)
    }
    self.split = split
    self.images = images
  }

  func count(_ flag: SampleSplit.Flag) -> Int { split.flags.count { $0 == flag } }

  /// "2000 clean, 7500 uncertain, 500 poisoned"
  var text: String {
    "\(count(.clean)) clean, \(count(.uncertain)) uncertain, \(count(.poisoned)) poisoned"
  }

  /// Classes of which no sample is named clean.
  var classesWithoutClean: [String] {
    let sizes = split.classSizes(of: .clean, labels: images.labels, classCount: images.classCount)
    return zip(images.classNames, sizes).filter { $1 == 0 }.map(\.0)
  }
}
