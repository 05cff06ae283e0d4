import Compute
import Images
import SystemPackage
import TestSupport
import Testing

@Suite("PNG, JPEG and WebP")
struct PictureFileTests {
  /// Reads files as the only ones of a class.
  static func read(
    _ files: [String: [UInt8]], _ options: ImageReadingOptions = ImageReadingOptions()
  ) throws -> ImageReading {
    try withTemporaryFolder { folder in
      for (name, bytes) in files { try write(bytes, to: "class/\(name)", in: folder) }
      return try ImageFileList.locate(in: folder, split: .train).read(options, pool: .shared)
    }
  }

  private static let traits: [(ImageFileTraits, String)] = [
    (.sixteenBits, "bits"), (.alpha, "alpha"), (.inks, "inks"), (.turned, "turned"),
  ]

  @Test("what Pillow makes of them, every byte")
  func pillow() throws {
    #expect(PictureFixture.all.count == 37)
    for fixture in PictureFixture.all {
      let reading = try Self.read([fixture.name: fixture.file])
      #expect(reading.images.shape == fixture.shape, "\(fixture.name)")
      let differences = zip(reading.images.pixels, fixture.pixels).map { abs(Int($0) - Int($1)) }
      #expect(
        reading.images.pixels == fixture.pixels,
        "\(fixture.name): \(differences.count { $0 > 0 }) differ, by up to \(differences.max() ?? 0)")
      for (index, trait) in ImageFileTraits.each.enumerated() {
        let word = Self.traits.first { $0.0 == trait }?.1 ?? ""
        #expect(reading.traitCounts[index] == (fixture.notes.contains(word) ? 1 : 0), "\(fixture.name)")
      }
      #expect(reading.damaged.isEmpty && reading.leftOut.isEmpty, "\(fixture.name)")
    }
  }

  @Test("what a file is follows from its content, not from its name")
  func endings() throws {
    let png = try #require(PictureFixture.named("colour.png"))
    let reading = try Self.read(["picture.JPEG": png.file])
    #expect(reading.images.pixels == png.pixels)
  }

  @Test("one channel as long as all are grey; one colour makes three of all")
  func channels() throws {
    let (grey, colour) = try (
      #require(PictureFixture.named("grey.png")), #require(PictureFixture.named("colour.png"))
    )
    let both = ["1.png": grey.file, "2.png": grey.file, "3.png": colour.file, "4.png": grey.file]
    let tripled = grey.pixels.flatMap { [$0, $0, $0] }
    #expect(try Self.read(["1.png": grey.file, "2.png": grey.file]).images.shape.channels == 1)
    let mixed = try Self.read(both).images
    #expect(mixed.shape.channels == 3)
    #expect(mixed.pixels == tripled + tripled + colour.pixels + tripled)
    #expect(try Self.read(["1.png": grey.file], .init(channels: .colour)).images.pixels == tripled)
    let asGrey = try Self.read(both, .init(channels: .grey)).images
    #expect(asGrey.shape.channels == 1)
    #expect(asGrey[0].pixels == grey.pixels)
    let converted = try mixed.withOneChannel()
    #expect(asGrey.pixels == converted.pixels)
  }

  @Test("sizes: the first readable image's, or the one that is asked for")
  func sizes() throws {
    let files = [
      "1.png": [UInt8](), "2.png": pngFile([UInt8](repeating: 9, count: 12), height: 2, width: 2, channels: 3),
      "3.png": pngFile([UInt8](repeating: 8, count: 36), height: 3, width: 4, channels: 3),
    ]
    let error = readerError { try Self.read(files) }
    #expect(error?.file.lastComponent?.string == "3.png")
    #expect(error?.message == "the image is 3×4, and class/2.png is 2×2")
    #expect(
      error?.hint == "'size = 64x64' brings all images to one size; 'winnow audit' takes received.size=64x64")
    let reading = try Self.read(files, .init(size: ImageSize(height: 5, width: 7)))
    #expect(reading.images.shape == ImageShape(height: 5, width: 7, channels: 3))
    #expect(reading.images.pixels.prefix(105).allSatisfy { $0 == 9 })
    #expect(reading.images.names == ["class/2.png", "class/3.png"])
    #expect(reading.leftOut.map(\.description) == ["class/1.png: the file is empty"])
  }

  @Test("files that cannot be decoded are left out, and why; strict makes them errors")
  func leftOut() throws {
    let fixture = try #require(PictureFixture.named("colour.png"))
    let jpeg = try #require(PictureFixture.named("420.jpg")).file
    let webp = try #require(PictureFixture.named("lossy.webp")).file
    var broken = fixture.file
    broken[45] ^= 0xFF
    let files: [String: [UInt8]] = [
      "0.png": fixture.file, "a.png": [], "b.png": Array("GIF89a".utf8), "c.png": Array(fixture.file.dropLast(40)),
      "d.png": broken, "e.jpg": Array(jpeg.prefix(200)), "f.jpg": Array(jpeg.prefix(jpeg.count / 2 + 150)),
      "g.webp": Array(webp.prefix(60)), "h.webp": Array(webp.prefix(20)),
    ]
    let reading = try Self.read(files, .init(size: ImageSize(height: 13, width: 17)))
    #expect(reading.images.names == ["class/0.png"])
    #expect(
      reading.leftOut.map(\.description) == [
        "class/a.png: the file is empty", "class/b.png: it is no PNG, JPEG or WebP",
        "class/c.png: the file ends early", "class/d.png: it is damaged (IDAT: invalid code lengths set)",
        "class/e.jpg: the file ends early", "class/f.jpg: the file ends early",
        "class/g.webp: the file ends early", "class/h.webp: the file ends early",
      ])
    let error = readerError {
      try Self.read(files, .init(size: ImageSize(height: 13, width: 17), isStrict: true))
    }
    #expect(error?.message == "class/a.png: the file is empty")
    #expect(error?.hint == "without 'strict = yes', such files are left out and listed")
  }

  @Test("a damaged file that could be read is listed")
  func damaged() throws {
    var jpeg = try #require(PictureFixture.named("restarts.jpg")).file
    // A restart marker with a number out of turn.
    let marker = try #require((2..<jpeg.count - 1).first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xD1 })
    jpeg[marker + 1] = 0xD3
    let reading = try Self.read(["1.jpg": jpeg])
    #expect(reading.images.count == 1 && reading.leftOut.isEmpty)
    #expect(reading.damaged.map(\.name) == ["class/1.jpg"])
    #expect(reading.damaged[0].text.hasPrefix("Corrupt JPEG data"), "\(reading.damaged)")
  }

  @Test("no memory is asked for on the word of a header")
  func bombs() throws {
    let good = pngFile([UInt8](repeating: 9, count: 12), height: 2, width: 2, channels: 3)
    var jpeg = try #require(PictureFixture.named("444.jpg")).file
    let header = try #require((2..<jpeg.count - 1).first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 })
    jpeg.replaceSubrange(header + 5..<header + 9, with: [0xFF, 0xDC, 0xFF, 0xDC])
    var webp = try #require(PictureFixture.named("lossy.webp")).file
    webp.replaceSubrange(26..<30, with: [0xFF, 0x3F, 0xFF, 0x3F])
    let reading = try Self.read([
      "0.png": good, "1.png": pngHeader(height: 100_000, width: 100_000),
      "2.png": pngHeader(height: 2_000_000_000, width: 2_000_000_000),
      "3.png": pngHeader(height: 9000, width: 9000), "4.png": pngHeader(height: 0, width: 5), "5.jpg": jpeg,
      "6.webp": webp,
    ])
    let limit = "more than the limit of 89478485"
    #expect(
      reading.leftOut.map(\.description) == [
        "class/1.png: the header promises 100000×100000 pixels, \(limit)",
        "class/2.png: the header promises 2000000000×2000000000 pixels, \(limit)",
        "class/3.png: the file ends early", "class/4.png: it is damaged (Invalid IHDR data)",
        "class/5.jpg: the header promises 65500×65500 pixels, \(limit)",
        "class/6.webp: the header promises 16383×16383 pixels, \(limit)",
      ])
    let error = readerError { try Self.read(["0.png": good], .init(memoryLimit: 11)) }
    #expect(error?.message == "1 images of 2×2×3 take 12 bytes, more than the 11 that there are")
  }

  @Test("an animation is not an image")
  func animation() throws {
    // The header of an extended file with the flag, and a canvas of 4×4.
    let webp = Array("RIFF".utf8) + [30, 0, 0, 0] + Array("WEBPVP8X".utf8) + [10, 0, 0, 0, 2, 0, 0, 0]
      + [3, 0, 0, 3, 0, 0] + Array("ANIM".utf8) + [0, 0, 0, 0]
    let good = pngFile([1], height: 1, width: 1, channels: 1)
    let reading = try Self.read(["0.png": good, "1.webp": webp])
    #expect(reading.leftOut.map(\.text) == ["it is of a kind that is not read (an animation)"])
  }

  @Test("the first image that can be read tells the shape beforehand")
  func firstShape() throws {
    try withTemporaryFolder { folder in
      try write([1, 2, 3], to: "a/0.png", in: folder)
      #expect(try ImageFileList.locate(in: folder, split: .train).firstShape == nil)
      let pixels = [UInt8](repeating: 9, count: 12)
      try write(pngFile(pixels, height: 4, width: 3, channels: 1), to: "a/1.png", in: folder)
      try write(pngFile(pixels, height: 2, width: 2, channels: 3), to: "b/2.png", in: folder)
      let list = try ImageFileList.locate(in: folder, split: .train)
      #expect(list.firstShape == ImageShape(height: 4, width: 3, channels: 1))
    }
  }

  @Test("any number of threads gives the same set, large files among small ones too")
  func threads() throws {
    try withTemporaryFolder { folder in
      for index in 0..<60 {
        // Every tenth has more pixels than threads read at the same time.
        let side = index % 10 == 9 ? 2900 : 3
        let bytes = index % 7 == 3 ? [] : pngFile(
          [UInt8](repeating: UInt8(index), count: side * side), height: side, width: side, channels: 1)
        try write(bytes, to: "\(index % 3)/\(index).png", in: folder)
      }
      let list = try ImageFileList.locate(in: folder, split: .train)
      let readings = try [1, 2, 5].map {
        try list.read(.init(size: ImageSize(height: 2, width: 2)), pool: WorkerPool(threads: $0))
      }
      for reading in readings {
        #expect(reading.images.count == 51 && reading.leftOut.count == 9)
        #expect(reading.images.pixels == readings[0].images.pixels)
        #expect(reading.images.names == readings[0].images.names)
        #expect(reading.leftOut == readings[0].leftOut)
      }
      let names = try #require(readings[0].images.names)
      for (index, name) in names.enumerated() {
        let number = name.split(separator: "/")[1].split(separator: ".")[0]
        #expect("\(readings[0].images.pixels[4 * index])" == number)
      }
    }
  }
}
