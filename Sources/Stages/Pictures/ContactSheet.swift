import HDF5
import Images
import Pipelines
import SystemPackage

/// A picture of what an artifact's images look like: of images that a stage changed, sixteen before and after
/// and what the change is, amplified; of others, sixteen spread over the set.
package enum ContactSheet {
  /// Side of the shorter edge of an image on the sheet, at least, and the space between them, in pixels.
  private static let side = 64
  private static let gap = 4
  private static let ground: UInt8 = 96

  /// The sheet as a PNG file's bytes.
  ///
  /// - Throws: `ContactSheetError.noImages` for an artifact of another kind.
  package static func png(of path: FilePath) throws -> [UInt8] {
    let file = try HDF5.File.open(at: path)
    let rows = try rows(of: file)
    guard rows.contains(where: { !$0.isEmpty }) else { throw ContactSheetError.noImages }
    return try PNGFile.encode(sheet(rows))
  }

  private static func rows(of file: HDF5.File) throws -> [[Image<UInt8>]] {
    if let examples = try ExampleArtifact.read(file) {
      let (before, after) = (examples.before, examples.after)
      guard before.count == after.count, before.first?.shape == after.first?.shape else {
        throw ArtifactError.differentCounts("examples", before.count, "examples", after.count)
      }
      return [before, after, differences(before, after)]
    }
    guard let dataset = try file.root.object("images") as? Dataset, dataset.shape.count == 4 else {
      throw ContactSheetError.noImages
    }
    let chosen = ExampleArtifact.spread(Array(0..<dataset.shape[0]))
    let images = try ExampleArtifact.read(dataset, chosen, in: file)
    return stride(from: 0, to: images.count, by: 8).map { Array(images[$0..<min($0 + 8, images.count)]) }
  }

  /// Grey where nothing changed, brighter and darker where values grew and fell, by the root of the change;
  /// the largest change of all is white or black.
  private static func differences(
    _ before: [Image<UInt8>], _ after: [Image<UInt8>]
  ) -> [Image<UInt8>] {
    let changes = zip(before, after).map { before, after in
      zip(before.pixels, after.pixels).map { Int($1) - Int($0) }
    }
    let largest = Double(max(1, changes.joined().reduce(0) { max($0, $1.magnitude) }))
    return zip(before, changes).map { image, changes in
      let pixels = changes.map { change in
        let amount = Int((127 * (Double(change.magnitude) / largest).squareRoot()).rounded())
        return UInt8(128 + change.signum() * amount)
      }
      return Image(pixels: pixels, shape: image.shape)
    }
  }

  /// The images in rows and columns, each pixel a square of pixels.
  private static func sheet(_ rows: [[Image<UInt8>]]) -> Image<UInt8> {
    guard let first = rows.first?.first?.shape else {
      return Image(pixels: [ground], shape: ImageShape(height: 1, width: 1, channels: 1))
    }
    let factor = max(1, side / min(first.height, first.width))
    let (height, width) = (factor * first.height + gap, factor * first.width + gap)
    let columns = rows.map(\.count).max() ?? 1
    let shape = ImageShape(
      height: rows.count * height + gap, width: columns * width + gap, channels: 3)
    var sheet = Image(pixels: [UInt8](repeating: ground, count: shape.count), shape: shape)
    for (row, images) in rows.enumerated() {
      for (column, image) in images.enumerated() {
        for y in 0..<factor * first.height {
          for x in 0..<factor * first.width {
            for channel in 0..<3 {
              sheet[gap + row * height + y, gap + column * width + x, channel] =
                image[y / factor, x / factor, min(channel, first.channels - 1)]
            }
          }
        }
      }
    }
    return sheet
  }
}

/// Why there is no sheet of an artifact.
package enum ContactSheetError: Error, Hashable {
  case noImages
}

extension ContactSheetError: CustomStringConvertible, ErrorWithExitStatus {
  package var description: String {
    "this artifact has no images to show; --png is for sets of images, poisoned, perturbed and triggered ones"
  }

  package var exitStatus: ExitStatus { .usage }
}
