import Detection
import HDF5
import Images
import Reports

/// A training set and what its samples are taken for: what galleries and lists of suspects are made from.
struct SampleAssessment {
  let images: ImageSet
  /// Names of the images' files, where they have any.
  let names: [String]?
  /// Where each sample stands in the whole set; `nil` where this is the whole.
  private let places: [Int]?
  let flags: [SampleSplit.Flag]
  /// The samples named poisoned, the most suspicious first.
  let suspects: [Int]
  /// Larger is more suspicious; `nil` where there are none.
  let scores: Scores?
  /// What only experiments know.
  let isPoisoned: [Bool]?
  /// What is said of the set as a whole.
  let finding: Finding

  /// What samples were ranked by: of a verdict its confidences, which come from several scores; of a split its scores.
  struct Scores {
    /// `[count]`
    let values: [Double]
    /// With the unit in brackets.
    let title: String
    let summary: String
  }

  /// - Throws: `ArtifactError` where the files do not belong together.
  init(images imagesFile: HDF5.File, split: HDF5.File, scores: HDF5.File?) throws {
    images = try ImageArtifact.read(imagesFile)
    names = try imagesFile.root.contains("names") ? imagesFile.root.readStrings("names") : nil
    places = try ImageArtifact.readPlaces(imagesFile, count: images.count)
    flags = try SplitArtifact(split).split.flags
    suspects = try split.root.read("suspects")
    self.scores =
      try VerdictArtifact.stateIfPresent(of: split) == nil ? scores.map { try Scores(of: $0) } : Scores(verdict: split)
    isPoisoned = try TruthArtifact.read(imagesFile)?.isPoisoned
    let counts = [
      ("flags", flags.count), ("scores", self.scores?.values.count), ("names", names?.count), ("truth", isPoisoned?.count),
    ]
    for case (let name, let count?) in counts where count != images.count {
      throw ArtifactError.differentCounts(name, count, "images", images.count)
    }
    guard suspects.allSatisfy(flags.indices.contains) else {
      throw ArtifactError.wrongShape("suspects", found: [suspects.count], in: split.path)
    }
    finding = try FindingArtifact.read(split, images: images, flags: flags)
  }

  /// How many samples of each class are taken for what.
  var classCounts: [ReportContents.ClassCounts] {
    var counts = [[Int]](repeating: [0, 0, 0], count: images.classCount)
    for (label, flag) in zip(images.labels, flags) { counts[label][Int(flag.rawValue)] += 1 }
    return zip(images.classNames, counts).map {
      ReportContents.ClassCounts(name: $0, clean: $1[0], uncertain: $1[1], poisoned: $1[2])
    }
  }

  /// The name of an image's file, or its place in the set.
  func name(of index: Int) -> String { names?[index] ?? "#\(place(of: index))" }

  /// Where a sample stands in the whole set, of which these may be some classes.
  func place(of index: Int) -> Int { places?[index] ?? index }
}

extension SampleAssessment.Scores {
  init(of file: HDF5.File) throws {
    let name: String = try file.root.attribute("score")
    let unit: String = try file.root.dataset("scores").attribute("unit")
    // What follows a semicolon is for those who compute with them.
    self.init(
      values: try ScoresArtifact.readValues(file), title: "\(name) (\(unit.prefix { $0 != ";" }))",
      summary: "\(name): \(unit); larger is more suspicious")
  }

  fileprivate init(verdict file: HDF5.File) throws {
    let unit: String = try file.root.dataset(VerdictArtifact.confidenceName).attribute("unit")
    self.init(
      values: try ScoresArtifact.readColumn(VerdictArtifact.confidenceName, file), title: "confidence (\(unit))",
      summary: "confidence: of a sample named poisoned, how sure that is, from 0 to 1")
  }
}
