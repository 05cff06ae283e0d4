import Foundation
import Images
import SystemPackage
import TestSupport
import Testing

/// Writes CIFAR-10's six files with a few images each; pixel bytes follow from file, record and place.
func writeCIFAR10(in folder: FilePath, records: Int = 3) throws {
  for (number, name) in cifar10Files.enumerated() {
    var bytes: [UInt8] = []
    for record in 0..<records {
      bytes.append(UInt8((number + record) % 10))
      for place in 0..<3072 {
        let value = place / 1024 * 80 + place % 1024 + number * 7 + record
        bytes.append(UInt8(truncatingIfNeeded: value))
      }
    }
    try write(bytes, to: name, in: folder)
  }
}

let cifar10Files = (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"]

/// The description of what goes wrong when a part of a set is read, with the folder's path taken out.
func readingMessage(
  _ folder: FilePath, _ split: ImageSetSplit = .train, format: ImageSetFormat? = nil
) -> String {
  let error = readerError { try ImageSetFiles.locate(in: folder, split: split, format: format).read() }
  return error?.description.replacing(folder.string, with: "FOLDER") ?? "no error"
}

@Suite("CIFAR, binary version")
struct CIFARReaderTests {
  @Test("planes become channels, batches follow each other, labels are the first bytes")
  func cifar10() throws {
    try withTemporaryFolder { folder in
      try writeCIFAR10(in: folder)
      let files = try ImageSetFiles.locate(in: folder, split: .train)
      #expect(files.format == .cifar10)
      #expect(files.all.compactMap { $0.lastComponent?.string } == Array(cifar10Files.prefix(5)))
      let images = try files.read()
      #expect(images.labels == [0, 1, 2, 1, 2, 3, 2, 3, 4, 3, 4, 5, 4, 5, 6])
      #expect(images.shape == ImageShape(height: 32, width: 32, channels: 3))
      #expect(images.classNames == (0..<10).map { "\($0)" })
      #expect(images.origin == "CIFAR-10, training set")
      for index in 0..<15 {
        for (row, column, channel) in [(0, 0, 0), (0, 31, 1), (1, 0, 2), (31, 31, 2), (17, 5, 1)] {
          let expected = channel * 80 + row * 32 + column + index / 3 * 7 + index % 3
          #expect(images[index][row, column, channel] == UInt8(truncatingIfNeeded: expected))
        }
      }
      #expect(try ImageSetFiles.locate(in: folder, split: .test).read().labels == [5, 6, 7])
    }
  }

  @Test("a thousand records, more than are read at once")
  func manyRecords() throws {
    try withTemporaryFolder { folder in
      let labels = (0..<1100).map { $0 * 7 % 10 }
      try write(labels.flatMap { [UInt8]([UInt8($0)] + Array(repeating: UInt8($0), count: 3072)) },
        to: "test_batch.bin", in: folder)
      let images = try ImageSetFiles.locate(in: folder, split: .test).read()
      #expect(images.labels == labels)
      #expect(images.pixels.indices.allSatisfy { Int(images.pixels[$0]) == labels[$0 / 3072] })
    }
  }

  @Test("class names come from the meta file, or from the caller")
  func classNames() throws {
    try withTemporaryFolder { folder in
      try writeCIFAR10(in: folder)
      let names = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
      try write((names.joined(separator: "\n") + "\n\n").utf8, to: "batches.meta.txt", in: folder)
      let files = try ImageSetFiles.locate(in: folder, split: .test)
      #expect(files.all.count == 2)
      #expect(try files.read().classNames == names)
      #expect(try files.read(classNames: Array("abcdefghij").map(String.init)).classNames[9] == "j")
      #expect(readerError { try files.read(classNames: ["a"]) }?.reason == .classNameCount(1, expected: 10))
      try write("only\r\ntwo\r\n".utf8, to: "batches.meta.txt", in: folder)
      #expect(readingMessage(folder)
        == "FOLDER/batches.meta.txt: there are names for 2 classes, where 10 are needed")
    }
  }

  @Test("CIFAR-100: the fine label counts")
  func cifar100() throws {
    try withTemporaryFolder { folder in
      let labels: [(coarse: UInt8, fine: UInt8)] = [(3, 99), (19, 0)]
      let records = labels.flatMap { label -> [UInt8] in
        [label.coarse, label.fine] + [UInt8](repeating: label.fine, count: 3072)
      }
      try write(records, to: "train.bin", in: folder)
      let images = try ImageSetFiles.locate(in: folder, split: .train).read()
      #expect(images.labels == [99, 0] && images.classCount == 100)
      #expect(images[0].pixels.allSatisfy { $0 == 99 })
      #expect(images.origin == "CIFAR-100, training set")
      try write([0, 100] + [UInt8](repeating: 0, count: 3072), to: "test.bin", in: folder)
      #expect(readingMessage(folder, .test) == """
        FOLDER/test.bin: byte 1: the label is 100, but there are 100 classes (0 to 99)
          hint: the file is damaged, or of another format
        """)
    }
  }

  @Test("damaged files: the place and what is wrong there")
  func damaged() throws {
    try withTemporaryFolder { folder in
      try writeCIFAR10(in: folder)
      let record = [UInt8](repeating: 1, count: 3073)
      try write(record + record.dropLast(), to: "data_batch_2.bin", in: folder)
      #expect(readingMessage(folder) == """
        FOLDER/data_batch_2.bin: byte 3073: the size of 6145 bytes is not a multiple of 3073, \
        the size of an image with its label
          hint: the file is damaged or was not fetched completely; fetch it again
        """)
      try write(record + [10] + record.dropFirst(), to: "data_batch_2.bin", in: folder)
      #expect(readingMessage(folder) == """
        FOLDER/data_batch_2.bin: byte 3073: the label is 10, but there are 10 classes (0 to 9)
          hint: the file is damaged, or of another format
        """)
      try write([], to: "data_batch_2.bin", in: folder)
      #expect(readingMessage(folder) == "FOLDER/data_batch_2.bin: there are no images in it")
      try FileManager.default.removeItem(atPath: folder.appending("data_batch_2.bin").string)
      #expect(readingMessage(folder) == """
        FOLDER: data_batch_2.bin of CIFAR-10 is missing
          hint: the folder has data_batch_1.bin, data_batch_3.bin, data_batch_4.bin, data_batch_5.bin, \
        test_batch.bin
        """)
      try FileManager.default.createDirectory(
        atPath: folder.appending("data_batch_2.bin").string, withIntermediateDirectories: false)
      #expect(readingMessage(folder) == "FOLDER/data_batch_2.bin: this is not a regular file")
      #expect(mkfifo(folder.appending("pipe").string, 0o600) == 0)
      try FileManager.default.removeItem(atPath: folder.appending("data_batch_2.bin").string)
      try FileManager.default.moveItem(
        atPath: folder.appending("pipe").string, toPath: folder.appending("data_batch_2.bin").string)
      #expect(readingMessage(folder) == "FOLDER/data_batch_2.bin: this is not a regular file")
    }
  }
}

@Suite("Finding the files of a set")
struct ImageSetFilesTests {
  @Test("a folder that is not there")
  func missingFolder() throws {
    try withTemporaryFolder { folder in
      try write([], to: "cifar-10/x", in: folder)
      try write([], to: "readme", in: folder)
      #expect(readingMessage(folder.appending("cifar10")) == "FOLDER: there is no such folder\n"
        + "  hint: \(folder) has cifar-10, readme")
      #expect(readingMessage(folder.appending("a/b"))
        == "FOLDER: there is no such folder\n  hint: its parent folder does not exist either")
      #expect(readerError { try ImageSetFiles.locate(in: "no-such-folder", split: .train) }?.hint?
        .hasPrefix("the current folder has ") == true)
      #expect(readingMessage(folder.appending("readme"))
        == "FOLDER: this is a file, not a folder\n  hint: give the folder that the file is in")
    }
  }

  @Test("a folder without images")
  func unknownLayout() throws {
    try withTemporaryFolder { folder in
      let looked = "no images of a known format; "
        + "looked for data_batch_1.bin, train.bin, train-images-idx3-ubyte, folders of images"
      #expect(readingMessage(folder) == "FOLDER: \(looked)\n  hint: the folder has nothing in it")
      for number in 10..<20 { try write([], to: "\(number).png", in: folder) }
      #expect(readingMessage(folder) == "FOLDER: \(looked)\n  hint: the folder has "
        + (10..<18).map { "\($0).png" }.joined(separator: ", ") + " and 2 more")
      try write([], to: "cifar-10-binary.tar.gz", in: folder)
      #expect(readingMessage(folder) == "FOLDER: \(looked)\n  hint: unpack cifar-10-binary.tar.gz first")
      try write([], to: "batches/data_batch_1.bin", in: folder)
      #expect(readingMessage(folder) == "FOLDER: \(looked)\n  hint: images are in FOLDER/batches")
      #expect(readingMessage(folder.appending("cifar-10-binary.tar.gz"))
        == "FOLDER: this is a file, not a folder\n  hint: unpack cifar-10-binary.tar.gz first")
    }
  }

  @Test("CIFAR's files for Python are recognised")
  func python() throws {
    try withTemporaryFolder { folder in
      try write([], to: "data_batch_1", in: folder)
      #expect(readingMessage(folder).hasSuffix(
        "hint: these are the files for Python; the \"binary version\" of CIFAR is needed"))
    }
  }

  @Test("the format that was asked for, or else the first that is complete")
  func format() throws {
    try withTemporaryFolder { folder in
      try write([], to: "test_batch.bin", in: folder)
      try write([], to: "train.bin", in: folder)
      #expect(try ImageSetFiles.locate(in: folder, split: .train).format == .cifar100)
      #expect(try ImageSetFiles.locate(in: folder, split: .test).format == .cifar10)
      #expect(readingMessage(folder, format: .cifar10) == """
        FOLDER: data_batch_1.bin, data_batch_2.bin, data_batch_3.bin, data_batch_4.bin, \
        data_batch_5.bin of CIFAR-10 are missing
          hint: the folder has test_batch.bin, train.bin
        """)
      #expect(readingMessage(folder, .test, format: .idx) == """
        FOLDER: t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte of IDX are missing
          hint: the folder has test_batch.bin, train.bin
        """)
    }
  }
}
