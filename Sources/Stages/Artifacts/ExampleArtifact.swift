import HDF5
import Images

/// A few of the images that a stage changed, before and after, to look at: `winnow show … --png FILE`.
///
///     /examples/indices   int64 [examples]                           which images of the set
///     /examples/before    uint8 [examples, height, width, channels]
///     /examples/after     uint8 [examples, height, width, channels]
struct ExampleArtifact {
  /// All of one shape.
  let before: [Image<UInt8>]
  let after: [Image<UInt8>]

  private static let groupName = "examples"
  /// As many as a sheet shows.
  static let count = 16

  /// Writes examples spread evenly over the images that were changed.
  ///
  /// - Parameters:
  ///   - changed: indices of the changed images.
  ///   - before: the image of an index as it was.
  ///   - after: the image of an index as it is, of the same shape.
  static func write(
    _ changed: [Int], before: (Int) -> Image<UInt8>, after: (Int) -> Image<UInt8>, to file: HDF5.File
  ) throws {
    let indices = spread(changed)
    guard let shape = indices.first.map({ before($0).shape }) else { return }
    let group = try file.root.createGroup(
      groupName,
      attributes: ["meaning": "some of the changed images before and after, to look at"])
    try group.write(indices, to: "indices", attributes: ["axes": "example"])
    for (name, images) in [("before", indices.map(before)), ("after", indices.map(after))] {
      try group.write(
        images.flatMap(\.pixels),
        shape: [indices.count, shape.height, shape.width, shape.channels], to: name,
        attributes: ["axes": "example, row, column, channel"])
    }
  }

  /// - Returns: `nil` where the file has none.
  static func read(_ file: HDF5.File) throws -> ExampleArtifact? {
    guard let group = try file.root.groupIfPresent(groupName) else { return nil }
    return ExampleArtifact(
      before: try images(group.dataset("before"), in: file), after: try images(group.dataset("after"), in: file))
  }

  private static func images(_ dataset: Dataset, in file: HDF5.File) throws -> [Image<UInt8>] {
    try read(dataset, Array(0..<(dataset.shape.first ?? 0)), in: file)
  }

  /// Some of the images of a dataset `[count, height, width, channels]`, each read by itself.
  static func read(_ dataset: Dataset, _ indices: [Int], in file: HDF5.File) throws -> [Image<UInt8>] {
    let shape = dataset.shape
    guard shape.count == 4, shape[1...].allSatisfy({ $0 > 0 }) else {
      throw ArtifactError.wrongShape("images", found: shape, in: file.path)
    }
    let image = ImageShape(height: shape[1], width: shape[2], channels: shape[3])
    return try indices.map { Image(pixels: try dataset.readRows($0..<$0 + 1), shape: image) }
  }

  /// At most `count` of them, the first and the last included.
  static func spread(_ indices: [Int]) -> [Int] {
    guard indices.count > count else { return indices }
    return (0..<count).map { indices[$0 * (indices.count - 1) / (count - 1)] }
  }
}
