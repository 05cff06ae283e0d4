import Images
import Testing

@Suite("The labels of CIFAR-100")
struct CIFAR100LabelTests {
  private func images(_ labels: CIFARLabels, names: Bool = false) throws -> ImageSet {
    try withTemporaryFolder { folder in
      var records: [UInt8] = []
      for index in 0..<20 {
        records += [UInt8(index), UInt8(99 - 5 * index)]
        records += [UInt8](repeating: 7, count: 3072)
      }
      try write(records, to: "train.bin", in: folder)
      if names {
        try write(Array((0..<20).map { "group \($0)\n" }.joined().utf8), to: "coarse_label_names.txt", in: folder)
      }
      return try ImageSetFiles.locate(in: folder, split: .train, labels: labels).read()
    }
  }

  @Test func fine() throws {
    let images = try images(.fine, names: true)
    #expect(images.labels == (0..<20).map { 99 - 5 * $0 })
    #expect(images.classCount == 100)
  }

  @Test func coarse() throws {
    #expect(try images(.coarse).labels == Array(0..<20))
    #expect(try images(.coarse, names: true).classNames == (0..<20).map { "group \($0)" })
  }

  @Test func noSuchPart() throws {
    try withTemporaryFolder { folder in
      try write([], to: "train.bin", in: folder)
      let error = readerError { try ImageSetFiles.locate(in: folder, split: .validation) }
      #expect(error?.message == "there is no validation set in it")
      #expect(error?.hint == "the folder has a training set, a test set")
    }
  }
}
