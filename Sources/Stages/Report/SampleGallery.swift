import Images
import Reports

/// Pictures of suspects beside other samples of their class.
struct SampleGallery {
  private let found: SampleAssessment

  /// How many classes and samples are shown, and how large a picture's longer side may be, in pixels.
  private static let (mostClasses, mostSamples, side) = (12, 8, 96)

  init(_ found: SampleAssessment) { self.found = found }

  /// The classes with suspects, those with the most first.
  private var ranking: [(label: Int, suspects: [Int])] {
    var members = [[Int]](repeating: [], count: found.images.classCount)
    for index in found.suspects { members[found.images.labels[index]].append(index) }
    return members.enumerated().filter { !$0.element.isEmpty }.map { (label: $0.offset, suspects: $0.element) }
      .sorted { ($1.suspects.count, $0.label) < ($0.suspects.count, $1.label) }
  }

  /// - Returns: the classes that are shown, and how many more have suspects.
  /// - Throws: what keeps pictures from being made.
  func classes() throws -> (shown: [ReportContents.GalleryClass], leftOut: Int) {
    // Pictures are grey or of three colours.
    guard [1, 3].contains(found.images.shape.channels) else { return ([], 0) }
    let ranking = ranking
    return (
      try ranking.prefix(Self.mostClasses).map(entry), max(0, ranking.count - Self.mostClasses)
    )
  }

  private func entry(_ label: Int, _ suspects: [Int]) throws -> ReportContents.GalleryClass {
    let name = found.images.classNames[label]
    let rest = found.images.labels.indices.filter {
      found.images.labels[$0] == label && found.flags[$0] != .poisoned
    }
    let clean = rest.filter { found.flags[$0] == .clean }
    let others = clean.isEmpty ? rest : clean
    return ReportContents.GalleryClass(
      name: name, named: suspects.count,
      suspects: try suspects.prefix(Self.mostSamples).map { try picture($0, name) },
      others: try Self.spread(others, count: Self.mostSamples).map { try picture($0, name) },
      othersAreClean: !clean.isEmpty,
      difference: others.isEmpty ? nil : try difference(of: suspects, from: others, name))
  }

  private func difference(of suspects: [Int], from others: [Int], _ name: String) throws -> PagePicture {
    try picture(
      found.images.meanDifference(of: suspects, from: others),
      description: "Mean of the \(suspects.count) suspects labelled \(name) less the mean of \(others.count) others",
      caption: "\(suspects.count) less \(others.count)")
  }

  /// Some of a list, evenly over it.
  static func spread(_ list: [Int], count: Int) -> [Int] {
    list.count <= count ? list : (0..<count).map { list[$0 * list.count / count] }
  }

  private func picture(_ index: Int, _ className: String) throws -> PagePicture {
    let score = found.scores.map { ", score \(NumberFormat.significant($0.values[index]))" } ?? ""
    let truth = found.isPoisoned.map { $0[index] ? ", poisoned" : ", clean" } ?? ""
    let name = found.name(of: index)
    // The folder is in the description, and mostly that of the class.
    let last = name.split(separator: "/").last.map(String.init) ?? name
    return try picture(
      found.images[index], description: "Sample \(name), labelled \(className)\(score)\(truth)",
      caption: last + score + truth)
  }

  private func picture(_ image: Image<UInt8>, description: String, caption: String) throws -> PagePicture {
    let small = image.reduced(toSide: Self.side)
    return PagePicture(
      png: try PNGFile.encode(small), width: small.shape.width, height: small.shape.height,
      description: description, caption: caption)
  }
}
