import Detection
import HDF5
import Images

/// What a search for triggers has found (see `PatternRule`), and its layout in artifacts, beside that of
/// `ScoresArtifact`:
///
///     /patterns            group, a row for each class that was looked at:
///     /patterns/class, owners, tried, transplanted   int64; owners: images that have the pattern; of `tried` others
///                          with it on them so many were taken for the class
///     /patterns/separation float64, of the two clusters, in standard deviations
///     /patterns/trigger    uint8   1: a trigger
///     /patterns/pictures   uint8 [row, height, width, channels], 128 where the pattern has nothing, its largest value
///                          at 1 or 255
struct PatternFinding {
  /// What was found of a class.
  struct Row {
    let pattern: SharedPattern
    /// Images of other classes that it was put on, and how many of them were taken for its class; 0 where it is not clear.
    var tried = 0
    var transplanted = 0
    var isTrigger = false

    /// How many were, as a share.
    var share: Double { Double(transplanted) / Double(max(tried, 1)) }
  }

  private static let groupName = "patterns"

  /// How probable it is that an image has the trigger of its class, `[count]`; 0 where there is none.
  let probabilities: [Double]
  /// The classes with a trigger, and how much of other images it makes that class.
  let triggers: [(label: Int, transplanted: Double)]

  init(_ rows: [Row], count: Int) {
    var probabilities = [Double](repeating: 0, count: count)
    for row in rows where row.isTrigger {
      for (index, probability) in zip(row.pattern.members, row.pattern.probabilities) {
        probabilities[index] = probability
      }
    }
    self.probabilities = probabilities
    triggers = rows.filter(\.isTrigger).map { ($0.pattern.label, $0.share) }
  }

  /// - Throws: `ArtifactError` where the scores are of another kind.
  init(_ file: HDF5.File) throws {
    let root = try file.root
    guard try root.contains(Self.groupName) else {
      throw ArtifactError.otherScores(try root.attribute("score"), input: "pattern", kind: PatternStage.declaration.kind)
    }
    let group = try root.group(Self.groupName)
    let (classes, tried, transplanted): ([Int], [Int], [Int]) = (
      try group.read("class"), try group.read("tried"), try group.read("transplanted")
    )
    let isTrigger: [UInt8] = try group.read("trigger")
    probabilities = try ScoresArtifact.readValues(file)
    triggers = classes.indices.filter { isTrigger[$0] > 0 }.map {
      (classes[$0], Double(transplanted[$0]) / Double(max(tried[$0], 1)))
    }
  }

  static func write(_ rows: [Row], _ shape: ImageShape, to file: HDF5.File) throws {
    let group = try file.root.createGroup(
      groupName,
      attributes: [
        "axes": "class that was looked at",
        "meaning": "what part of a class has in common and the rest does not, less its local mean",
        "transplanted": "of 'tried' images of other classes with the pattern on them, taken for the class",
        "separation": "of those with and without it, in standard deviations",
      ])
    try group.write(rows.map(\.pattern.label), to: "class")
    try group.write(rows.map(\.pattern.owners.count), to: "owners")
    try group.write(rows.map(\.tried), to: "tried")
    try group.write(rows.map(\.transplanted), to: "transplanted")
    try group.write(rows.map(\.pattern.separation), to: "separation")
    try group.write(rows.map { UInt8($0.isTrigger ? 1 : 0) }, to: "trigger")
    try group.write(
      rows.flatMap { Image(signed: $0.pattern.values, shape: shape).pixels },
      shape: [rows.count, shape.height, shape.width, shape.channels],
      to: "pictures", attributes: ["axes": "row, height, width, channel"])
  }
}
