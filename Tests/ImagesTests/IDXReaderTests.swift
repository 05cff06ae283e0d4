import Foundation
import Images
import SystemPackage
import TestSupport
import Testing

@Suite("IDX")
struct IDXReaderTests {
  static let pixels = (0..<24).map { UInt8($0 * 10) }
  static let imageFile = bigEndian(0x803) + bigEndian(4) + bigEndian(2) + bigEndian(3) + pixels
  static let labelFile = bigEndian(0x801) + bigEndian(4) + [2, 0, 1, 2]

  /// Reads a training set from files with these bytes.
  func message(images: [UInt8] = imageFile, labels: [UInt8] = labelFile) throws -> String {
    try withTemporaryFolder { folder in
      try write(images, to: "train-images-idx3-ubyte", in: folder)
      try write(labels, to: "train-labels-idx1-ubyte", in: folder)
      return readingMessage(folder)
    }
  }

  @Test("plain and packed, under each of the usual names", arguments: [
    ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", false),
    ("train-images-idx3-ubyte.gz", "train-labels.idx1-ubyte", true),
    ("train-images.idx3-ubyte", "train-labels-idx1-ubyte.gz", true),
    ("train-images.idx3-ubyte.gz", "train-labels.idx1-ubyte.gz", false),
  ])
  func read(imageName: String, labelName: String, isPacked: Bool) throws {
    try withTemporaryFolder { folder in
      try write(isPacked ? gzipped(Self.imageFile) : Self.imageFile, to: imageName, in: folder)
      try write(isPacked ? gzipped(Self.labelFile) : Self.labelFile, to: labelName, in: folder)
      let files = try ImageSetFiles.locate(in: folder, split: .train)
      #expect(files.all == [folder.appending(imageName), folder.appending(labelName)])
      let images = try files.read()
      #expect(images.pixels == Self.pixels)
      #expect(images.shape == ImageShape(height: 2, width: 3, channels: 1))
      #expect(images.labels == [2, 0, 1, 2])
      #expect(images.classNames == ["0", "1", "2"])
      #expect(images.origin == "IDX, training set")
    }
  }

  /// Equal bytes are one set, whatever the folder is called: only what is in the files may say the names.
  @Test("class names: given, by the labels, or numbers")
  func classNames() throws {
    try withTemporaryFolder { parent in
      let folder = parent.appending("My-Fashion-MNIST")
      func labels(_ labels: [UInt8]) throws {
        let count = labels.count
        try write(
          bigEndian(0x803) + bigEndian(count) + bigEndian(1) + bigEndian(1) + [UInt8](repeating: 7, count: count),
          to: "My-Fashion-MNIST/t10k-images-idx3-ubyte", in: parent)
        try write(
          bigEndian(0x801) + bigEndian(count) + labels, to: "My-Fashion-MNIST/t10k-labels-idx1-ubyte", in: parent)
      }
      // The first of Fashion-MNIST's test set, as `xxd` shows them.
      let fashion: [UInt8] = [9, 2, 1, 1, 6, 1, 4, 6, 5, 7, 4, 5, 7, 3, 4, 1, 2, 4, 8, 0, 2]
      try labels(fashion)
      let files = try ImageSetFiles.locate(in: folder, split: .test)
      let images = try files.read()
      #expect(images.classNames.count == 10 && images.classNames[9] == "Ankle boot")
      #expect(images.origin == "Fashion-MNIST, test set")
      try labels([2, 0, 1, 2])
      #expect(try files.read().classNames == ["0", "1", "2"])
      #expect(try files.read(classNames: ["a", "b", "c", "d"]).classNames == ["a", "b", "c", "d"])
      #expect(readerError { try files.read(classNames: ["a", "b"]) }?.reason
        == .classNameCount(2, expected: 3))
      // With more classes than Fashion-MNIST has, it is another set.
      try labels(fashion + [10])
      #expect(try files.read().classNames == (0...10).map { "\($0)" })
    }
  }

  @Test("wrong headers")
  func headers() throws {
    let again = "\n  hint: the file is damaged or was not fetched completely; fetch it again"
    let images = "FOLDER/train-images-idx3-ubyte"
    let labels = "FOLDER/train-labels-idx1-ubyte"
    #expect(try message() == "no error")
    #expect(try message(images: Self.labelFile) == """
      \(images): byte 0: the file begins with 0x00000801, not with 0x00000803
        hint: an IDX file of images begins with 0x00000803, one of labels with 0x00000801
      """)
    #expect(try message(images: []) == "\(images): byte 0: "
      + "the file ends early: 16 bytes are needed for the header, but there are 0" + again)
    #expect(try message(labels: [0, 0]) == "\(labels): byte 2: "
      + "the file ends early: 8 bytes are needed for the header, but there are 2" + again)
    #expect(try message(images: Array(Self.imageFile.prefix(15))) == "\(images): byte 15: "
      + "the file ends early: 16 bytes are needed for the header, but there are 15" + again)
    for sides in [[0, 2, 3], [4, 0, 3], [4, 2, 0]] {
      #expect(try message(images: bigEndian(0x803) + sides.flatMap(bigEndian))
        == "\(images): byte 4: there are no images in it")
    }
    let most = Int(UInt32.max)
    #expect(try message(images: bigEndian(0x803) + [most, most, most].flatMap(bigEndian))
      == "\(images): byte 4: the header promises 4294967295 images of 4294967295×4294967295, "
      + "more than the limit of 2147483648 bytes")
    #expect(try message(labels: bigEndian(0x801) + bigEndian(5) + [2, 0, 1, 2, 0]) == """
      \(labels): byte 4: there are 5 labels, but 4 images in train-images-idx3-ubyte
        hint: the two files are not of the same set
      """)
  }

  @Test("files that are too short or too long")
  func sizes() throws {
    let again = "\n  hint: the file is damaged or was not fetched completely; fetch it again"
    #expect(try message(images: Self.imageFile.dropLast()) == "FOLDER/train-images-idx3-ubyte: byte 39: "
      + "the file ends early: 24 bytes are needed for 4 images of 2×3, but there are 23" + again)
    #expect(try message(labels: Self.labelFile.dropLast(3)) == "FOLDER/train-labels-idx1-ubyte: byte 9: "
      + "the file ends early: 4 bytes are needed for 4 labels, but there are 1" + again)
    #expect(try message(images: Self.imageFile + [0])
      == "FOLDER/train-images-idx3-ubyte: byte 40: more bytes follow where the file should end" + again)
    #expect(try message(labels: gzipped(Self.labelFile + [7]))
      == "FOLDER/train-labels-idx1-ubyte: byte 12: more bytes follow where the file should end" + again)
  }

  @Test("damaged gzip files")
  func gzip() throws {
    func reason(_ bytes: [UInt8]) throws -> String? {
      let message = try message(images: bytes)
      let start = "FOLDER/train-images-idx3-ubyte: the gzip data is damaged ("
      return message.hasPrefix(start)
        ? message.dropFirst(start.count).split(separator: ")").first.map(String.init) : message
    }
    let packed = gzipped(Self.imageFile)
    #expect(try reason(packed) == "no error")
    #expect(try reason(packed.dropLast()) == "the data ends before its checksum")
    #expect(try reason(Array(packed.prefix(12))) == "the data ends before its checksum")
    #expect(try reason(packed + [0]) == "bytes follow after its end")
    #expect(try reason(packed + [0x1F, 0x8B]) == "the data ends before its checksum")
    for (offset, detail) in [
      (2, "unknown compression method"), (12, "invalid stored block lengths"),
      (30, "incorrect data check"), (packed.count - 6, "incorrect data check"),
      (packed.count - 1, "incorrect length check"),
    ] {
      var damaged = packed
      damaged[offset] ^= 0x55
      #expect(try reason(damaged) == detail, "byte \(offset)")
    }
  }

  @Test("a gzip file in several members is read as one")
  func members() throws {
    let file = Self.imageFile
    let parts = [Array(file.prefix(20)), [], Array(file.dropFirst(20))]
    #expect(try message(images: parts.flatMap(gzipped)) == "no error")
  }

  @Test("memory is not asked for on the word of a header")
  func promises() throws {
    // A gigabyte of pixels, in a file of a few bytes.
    let header = bigEndian(0x803) + bigEndian(1 << 20) + bigEndian(32) + bigEndian(32)
    #expect(try message(images: header)
      .contains("1073741824 bytes are needed for 1048576 images of 32×32, but there are 0"))
    #expect(try message(images: gzipped(header))
      .contains("39 packed bytes cannot hold the 1073741824 bytes that the header promises"))
  }
}
