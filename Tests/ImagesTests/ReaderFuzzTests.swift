import Compute
import Foundation
import Images
import SystemPackage
import TestSupport
import Testing

@Suite("Readers survive any bytes")
struct ReaderFuzzTests {
  /// A few random changes: other bytes, cut off, doubled, bytes inserted.
  func mutated(_ bytes: [UInt8], by stream: inout RandomStream) -> [UInt8] {
    var bytes = bytes
    for _ in 0...stream.integer(below: 3) {
      let place = stream.integer(below: max(1, min(bytes.count, stream.integer(below: 2) == 0 ? 20 : .max)))
      let interesting: [UInt8] = [0, 1, 3, 8, 0x1F, 0x7F, 0x80, 0x8B, 0xFF]
      switch stream.integer(below: 6) {
      case 0, 1, 2:
        guard place < bytes.count else { continue }
        bytes[place] = stream.integer(below: 2) == 0
          ? interesting[stream.integer(below: interesting.count)] : UInt8(stream.integer(below: 256))
      case 3: bytes.removeSubrange(place...)
      case 4: bytes.insert(UInt8(stream.integer(below: 256)), at: min(place, bytes.count))
      default: bytes += bytes.prefix(stream.integer(below: 64))
      }
    }
    return bytes
  }

  @Test("each damaged file is either read as a consistent set or refused with a message")
  func fuzz() throws {
    var (read, refused) = (0, Set<String>())
    try withTemporaryFolder { folder in
      let record = [UInt8](repeating: 3, count: 3073)
      let gzippedImages = gzipped(IDXReaderTests.imageFile)
      for round in 0..<30_000 {
        var stream = RandomStream(seed: 1, purpose: RandomPurpose("fuzz"), sample: round)
        let format: ImageSetFormat
        switch round % 3 {
        case 0:
          format = .cifar10
          try write(mutated(record + record, by: &stream), to: "test_batch.bin", in: folder)
          try write(
            mutated(Array("a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n".utf8), by: &stream),
            to: "batches.meta.txt", in: folder)
        case 1:
          format = .idx
          try write(mutated(gzippedImages, by: &stream), to: "t10k-images-idx3-ubyte", in: folder)
          try write(IDXReaderTests.labelFile, to: "t10k-labels-idx1-ubyte", in: folder)
        default:
          format = .idx
          try write(mutated(IDXReaderTests.imageFile, by: &stream), to: "t10k-images-idx3-ubyte", in: folder)
          try write(mutated(IDXReaderTests.labelFile, by: &stream), to: "t10k-labels-idx1-ubyte", in: folder)
        }
        do {
          let images = try ImageSetFiles.locate(in: folder, split: .test, format: format).read()
          #expect(images.pixels.count == images.count * images.shape.count && images.count > 0)
          #expect(images.labels.allSatisfy { images.classNames.indices.contains($0) })
          read += 1
        } catch let error as ImageReaderError {
          #expect(error.description.hasPrefix(folder.string) && error.message.count > 10)
          refused.insert(error.message)
        }
      }
    }
    #expect(read > 20)
    #expect(refused.count > 30)
  }
}
