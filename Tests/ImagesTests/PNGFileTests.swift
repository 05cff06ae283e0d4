import Foundation
import Images
import TestSupport
import Testing

/// Single pictures; the files that are read were written by another program.
@Suite struct PNGFileTests {
  private func read(_ base64: String, pixelLimit: Int = 100) throws -> Image<UInt8> {
    let folder = try TemporaryFolder()
    try folder.write(try #require(Data(base64Encoded: base64)), to: "a.png")
    return try PNGFile.read(folder.path("a.png"), pixelLimit: pixelLimit)
  }

  private static let colours =
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAD0lEQVR4nGP4z8DIxMwCAAYVAQr+l8M8AAAAAElFTk"
    + "SuQmCC"
  private static let opacity =
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAYAAABytg0kAAAAGklEQVR4nGP4z8D4n0tEjoGBnYOzgZGRkREAJO4C2E"
    + "W6Y7EAAAAASUVORK5CYII="
  private static let grey = "iVBORw0KGgoAAAANSUhEUgAAAAMAAAABCAAAAAA+i0toAAAADElEQVR4nGNgqP8PAAIBAX+15rfNAAAAAElFTkSuQmCC"
  private static let deepGrey =
    "iVBORw0KGgoAAAANSUhEUgAAAAMAAAABEAAAAABuG5crAAAAD0lEQVR4nGNgYGhg+P8fAAUEAn/jgEvgAAAAAElFTk"
    + "SuQmCC"
  private static let palette =
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABAQMAAADO7O3JAAAABlBMVEX/AAECAwTW2zbSAAAACklEQVR4nGNwAAAAQg"
    + "BBKTf07wAAAABJRU5ErkJggg=="

  @Test func colourPicture() throws {
    let image = try read(Self.colours)
    #expect(image.shape == ImageShape(height: 1, width: 2, channels: 3))
    #expect(image.pixels == [255, 0, 1, 2, 3, 4])
    #expect(try read(Self.palette).pixels == [255, 0, 1, 2, 3, 4])
  }

  @Test func pictureWithOpacity() throws {
    let image = try read(Self.opacity)
    #expect(image.shape == ImageShape(height: 2, width: 2, channels: 4))
    #expect(image.pixels == [255, 0, 1, 255, 10, 20, 30, 0, 7, 8, 9, 128, 1, 1, 1, 1])
  }

  @Test func greyPicture() throws {
    let image = try read(Self.grey)
    #expect(image.shape == ImageShape(height: 1, width: 3, channels: 1))
    #expect(image.pixels == [0, 127, 255])
    // Black and white are what they are, whatever the scale between.
    let deep = try read(Self.deepGrey)
    #expect(deep.shape.channels == 1 && deep.pixels.first == 0 && deep.pixels.last == 255)
  }

  @Test(arguments: [1, 3, 4]) func writtenAndRead(channels: Int) throws {
    let shape = ImageShape(height: 5, width: 7, channels: channels)
    let image = Image(pixels: (0..<shape.count).map { UInt8($0 * 37 % 256) }, shape: shape)
    let bytes = try PNGFile.encode(image)
    #expect(try PNGFile.encode(image) == bytes)
    #expect(try read(Data(bytes).base64EncodedString()) == image)
  }

  @Test func whatIsNoPicture() throws {
    let whole = try #require(Data(base64Encoded: Self.opacity))
    for data in [Data(), Data("P6\n1 1\n255\nabc".utf8), whole.prefix(20), whole.prefix(60)] {
      let error = #expect(throws: PNGError.self) { try read(data.base64EncodedString()) }
      #expect(try #require(error).description.contains("a.png: not a PNG picture ("))
    }
    let error = #expect(throws: PNGError.self) { try read(Self.opacity, pixelLimit: 3) }
    #expect(try #require(error).description.hasSuffix("a picture of 2×2 pixels; at most 3 are read"))
    #expect(throws: ImageReaderError.self) { try PNGFile.read("/nowhere/a.png", pixelLimit: 9) }
    #expect(throws: ImageReaderError.self) { try PNGFile.read("/", pixelLimit: 9) }
    #expect(throws: PNGError.Reason.self) {
      try PNGFile.encode(Image(pixels: [1, 2], shape: ImageShape(height: 1, width: 1, channels: 2)))
    }
  }

  /// No file makes it crash.
  @Test func damagedFiles() throws {
    let whole = try #require(Data(base64Encoded: Self.opacity))
    for offset in whole.indices {
      for flip in [1, 0x80, 0xFF] as [UInt8] {
        var data = whole
        data[offset] ^= flip
        _ = try? read(data.base64EncodedString())
      }
    }
  }
}
