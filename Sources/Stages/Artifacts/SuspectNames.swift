import HDF5

/// The paths of the files of images that are named poisoned, from a verdict's artifact (/suspect_names).
struct SuspectNames {
  private let names: [Int: String]

  /// - Returns: `nil` where images are no files.
  init?(_ file: HDF5.File) throws {
    let root = try file.root
    guard try root.contains(Self.datasetName) else { return nil }
    let indices = try root.read("suspects", as: Int.self)
    let found = try root.readStrings(Self.datasetName)
    guard indices.count == found.count else {
      throw ArtifactError.differentCounts(Self.datasetName, found.count, "suspects", indices.count)
    }
    self.init(names: Dictionary(zip(indices, found)) { first, _ in first })
  }

  private init(names: [Int: String]) { self.names = names }

  private static let datasetName = "suspect_names"

  func adding(_ other: SuspectNames) -> SuspectNames {
    SuspectNames(names: names.merging(other.names) { first, _ in first })
  }

  /// Writes those of some images, which must be among them.
  func write(_ suspects: [Int], to file: HDF5.File) throws {
    try Self.write(suspects.compactMap { names[$0] }, to: file)
  }

  /// Writes them as they are, in the order of /suspects.
  static func write(_ names: [String], to file: HDF5.File) throws {
    try file.root.write(
      names, to: datasetName, storage: .compressed(),
      attributes: ["meaning": "the files of /suspects, as paths in the folder of the set"])
  }
}
