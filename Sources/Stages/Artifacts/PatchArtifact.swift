import Attacks
import HDF5
import Images

/// A patch that was made for the attack `trojan`, and its layout in artifacts.
///
///     /patch   uint8 [side, side, channels]
///     attribute gap of the root   how many pixels it is to be from the edges of an image
struct PatchArtifact {
  let patch: Image<UInt8>
  let gap: Int

  init(patch: Image<UInt8>, gap: Int) {
    self.patch = patch
    self.gap = gap
  }

  init(_ file: HDF5.File) throws {
    let dataset = try file.root.dataset("patch")
    guard dataset.shape.count == 3, dataset.shape.allSatisfy({ $0 > 0 }) else {
      throw ArtifactError.wrongShape("patch", found: dataset.shape, in: file.path)
    }
    patch = Image(
      pixels: try dataset.read(),
      shape: ImageShape(
        height: dataset.shape[0], width: dataset.shape[1], channels: dataset.shape[2]))
    gap = try file.root.attribute("gap")
  }

  func write(to file: HDF5.File) throws {
    try file.root.write(
      patch.pixels, shape: [patch.shape.height, patch.shape.width, patch.shape.channels], to: "patch",
      attributes: ["axes": "row, column, channel", "meaning": "what is added to an image"])
    try file.root.setAttribute("gap", to: .integer(gap))
  }
}
