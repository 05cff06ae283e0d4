import Attacks
import HDF5
import Images
import Pipelines

/// Perturbed images of a set, and its layout in artifacts: see `ImageArtifact`, and
///
///     /original_indices   int64 [count]   index of each image in the set that it comes from
///     attribute image_set of the root     a digest of the images and labels of that set
struct PerturbedArtifact {
  let images: PerturbedImages
  /// The digest of the set that they come from.
  private let origin: String

  init(_ file: HDF5.File) throws {
    let set = try ImageArtifact.read(file)
    let indices: [Int] = try file.root.read("original_indices")
    guard indices.count == set.count else {
      throw ArtifactError.differentCounts("original indices", indices.count, "images", set.count)
    }
    images = PerturbedImages(images: set, indices: indices)
    origin = try file.root.attribute("image_set")
  }

  static func write(_ perturbed: PerturbedImages, of set: ImageSet, to file: HDF5.File) throws {
    try ImageArtifact.write(perturbed.images, to: file)
    try file.root.write(
      perturbed.indices, to: "original_indices",
      attributes: ["axes": "image", "meaning": "index into the set that was perturbed"])
    try file.root.setAttribute("image_set", to: .string(set.digest.text))
  }

  /// Whether they come from that very set, by its pixels and labels.
  func isMade(from set: ImageSet) -> Bool {
    set.digest.text == origin && images.indices.allSatisfy(set.labels.indices.contains)
  }
}
