import HDF5
import Reports

/// Features of some images in the plane, before and after the images are transformed, and their layout in
/// artifacts.
///
///     /indices   int64 [samples]        places of the images in the set, ascending
///     /before    float64 [samples, 2]   of the images as they are
///     /after     float64 [samples, 2]   of the transformed images; both in one plane
///     attributes transformation, perplexity, divergence (Kullback-Leibler, in nats), feature_length of the root
struct EmbeddingArtifact {
  let indices: [Int]
  /// `[samples]`
  let before: [ChartPoint]
  let after: [ChartPoint]
  /// What the images went through, in words.
  let transformation: String

  /// - Parameter properties: what else there is to say; attributes of the root.
  func write(to file: HDF5.File, properties: [String: AttributeValue]) throws {
    let root = try file.root
    try root.write(
      indices, to: "indices", attributes: ["axes": "sample", "meaning": "places of the images in the set"])
    for (name, points, meaning) in [
      ("before", before, "features of the image as it is"), ("after", after, "features of the transformed image"),
    ] {
      try root.write(
        points.flatMap { [$0.x, $0.y] }, shape: [points.count, 2], to: name,
        attributes: ["axes": "sample, coordinate", "meaning": .string(meaning + ", in the plane by t-SNE")])
    }
    try root.setAttributes(properties)
    try root.setAttribute("transformation", to: .string(transformation))
  }

  init(indices: [Int], before: [ChartPoint], after: [ChartPoint], transformation: String) {
    self.indices = indices
    self.before = before
    self.after = after
    self.transformation = transformation
  }

  /// - Parameter count: how many images the set has.
  /// - Throws: `ArtifactError` when the file does not hold what it should, or is of another set.
  init(_ file: HDF5.File, of count: Int) throws {
    let root = try file.root
    let indices = try root.read("indices", as: Int.self)
    guard indices.allSatisfy((0..<count).contains) else {
      throw ArtifactError.differentCounts("indices", (indices.max() ?? 0) + 1, "images", count)
    }
    func points(_ name: String) throws -> [ChartPoint] {
      let dataset = try root.dataset(name)
      guard dataset.shape == [indices.count, 2] else {
        throw ArtifactError.wrongShape(name, found: dataset.shape, in: file.path)
      }
      let values = try dataset.read(as: Double.self)
      return indices.indices.map { ChartPoint(values[2 * $0], values[2 * $0 + 1]) }
    }
    self.indices = indices
    before = try points("before")
    after = try points("after")
    transformation = try root.attribute("transformation")
  }
}
