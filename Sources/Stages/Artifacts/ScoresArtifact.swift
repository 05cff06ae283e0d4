import Detection
import HDF5

/// A score for every training image, and its layout in artifacts.
///
///     /scores   float64 [count]   larger is more suspicious; attribute unit
///     /NAME     float64 [count]   what else the score measures of each image, where it does
///     attributes score, zero_share of the root, and what the score says about itself
struct ScoresArtifact {
  /// The name of the score: the kind of the stage that computed it.
  let name: String
  /// `[count]`; larger is more suspicious.
  let values: [Double]
  /// What the values measure.
  let unit: String
  /// What the score says about itself; attributes of the root.
  let properties: [String: AttributeValue]
  /// What else there is of each image.
  let columns: [Column]

  /// A number for every image.
  struct Column {
    let name: String
    /// `[count]`
    let values: [Double]
    let meaning: String
  }

  init(
    name: String, values: [Double], unit: String, properties: [String: AttributeValue] = [:],
    columns: [Column] = []
  ) {
    self.name = name
    self.values = values
    self.unit = unit
    self.properties = properties
    self.columns = columns
  }

  /// The share of the scores that are exactly zero, from 0 to 1.
  var zeroShare: Double { Double(values.count { $0 == 0 }) / Double(max(1, values.count)) }

  /// - Throws: `SplitError` when a score is not a finite number, `HDF5Error` when the file cannot be
  ///   written.
  func write(to file: HDF5.File) throws {
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw SplitError.notFinite(score: values[index], index: index)
    }
    let root = try file.root
    try root.write(
      values, to: "scores",
      attributes: ["axes": "image", "meaning": "larger is more suspicious", "unit": .string(unit)])
    for column in columns {
      try root.write(
        column.values, to: column.name, attributes: ["axes": "image", "meaning": .string(column.meaning)])
    }
    try root.setAttributes(properties)
    try root.setAttributes(["score": .string(name), "zero_share": .double(zeroShare)])
  }

  /// The scores in a file, `[count]`.
  ///
  /// - Throws: `ArtifactError` when they are no list of numbers, `HDF5Error` when there are none.
  static func readValues(_ file: HDF5.File) throws -> [Double] { try readColumn("scores", file) }

  /// Another number for each image, `[count]`.
  ///
  /// - Throws: as `readValues` does; `ArtifactError.noColumn` where the scores are of another kind, which has no such
  ///   number.
  static func readColumn(_ name: String, _ file: HDF5.File) throws -> [Double] {
    guard try file.root.contains(name) else { throw ArtifactError.noColumn(name, in: file.path) }
    let dataset = try file.root.dataset(name)
    guard dataset.shape.count == 1 else {
      throw ArtifactError.wrongShape(name, found: dataset.shape, in: file.path)
    }
    return try dataset.read()
  }
}
