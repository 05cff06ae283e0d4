import Foundation
import Images
import SystemPackage
import Testing

extension CommandTests {
  /// `winnow show … --png FILE`
  @Suite struct Pictures {
    private func sheet(_ stage: String) throws -> Image<UInt8> {
      let workspace = try Workspace(copyOf: .reference)
      let outcome = try workspace.winnow(["show", "test.pipeline", stage, "--png", "sheet.png"])
      outcome.expect()
      #expect(outcome.output.isEmpty)
      return try PNGFile.read(
        FilePath(workspace.folder.appending(path: "sheet.png").path), pixelLimit: 1 << 24)
    }

    /// Sixteen columns of 64 pixels with 4 between them: before, after, difference.
    @Test(arguments: ["poisoned", "triggered"]) func changedImages(stage: String) throws {
      let sheet = try sheet(stage)
      #expect(sheet.shape == ImageShape(height: 3 * 68 + 4, width: 16 * 68 + 4, channels: 3))
      let examples = try Workspace.reference.artifact(stage).root.group("examples")
      let before = try examples.read("before", as: UInt8.self)
      let after = try examples.read("after", as: UInt8.self)
      var largest = 0
      for (old, new) in zip(before, after) { largest = max(largest, abs(Int(new) - Int(old))) }
      for (image, row, column) in [(0, 0, 0), (3, 31, 31), (15, 30, 29), (7, 12, 20)] {
        for channel in 0..<3 {
          let position = ((image * 32 + row) * 32 + column) * 3 + channel
          let change = Int(after[position]) - Int(before[position])
          let amount = Int((127 * (Double(abs(change)) / Double(largest)).squareRoot()).rounded())
          let shown = change < 0 ? 128 - amount : 128 + amount
          let expected = [Int(before[position]), Int(after[position]), shown]
          for (line, value) in expected.enumerated() {
            // Each pixel is a square of two.
            for corner in 0..<4 {
              let y = 4 + line * 68 + 2 * row + corner / 2
              let x = 4 + image * 68 + 2 * column + corner % 2
              #expect(Int(sheet[y, x, channel]) == value)
            }
          }
        }
      }
    }

    /// Two rows of eight from the whole set.
    @Test func plainImages() throws {
      let sheet = try sheet("train")
      #expect(sheet.shape == ImageShape(height: 2 * 68 + 4, width: 8 * 68 + 4, channels: 3))
      let pixels = try Workspace.reference.artifact("train").root.read("images", as: UInt8.self)
      // The last of 300 images, its last pixel.
      for channel in 0..<3 {
        #expect(sheet[2 * 68 - 1, 8 * 68 - 1, channel] == pixels[pixels.count - 3 + channel])
      }
    }

    @Test func whatHasNoImages() throws {
      try Workspace.reference.winnow(["show", "test.pipeline", "split", "--png", "a.png"]).expect(
        status: 64, messages: "this artifact has no images to show")
      let workspace = try Workspace(copyOf: .reference)
      try workspace.winnow(["show", "test.pipeline", "train", "--png", "nowhere/a.png"]).expect(
        status: 73, messages: "nowhere/a.png")
    }
  }
}
