import Compute
import Images
import SystemPackage
import TestSupport
import Testing

@Suite("Decoders survive any bytes")
struct PictureFuzzTests {
  /// A few random changes: other bytes, most of them near the start, cut off, doubled, bytes inserted.
  private func mutated(_ bytes: [UInt8], by stream: inout RandomStream) -> [UInt8] {
    var bytes = bytes
    for _ in 0...stream.integer(below: 4) {
      let isNearStart = stream.integer(below: 2) == 0
      let place = stream.integer(below: max(1, isNearStart ? min(bytes.count, 64) : bytes.count))
      let interesting: [UInt8] = [0, 1, 2, 8, 0x7F, 0x80, 0xC0, 0xC4, 0xD9, 0xDA, 0xFE, 0xFF]
      switch stream.integer(below: 8) {
      case 0, 1, 2, 3:
        guard place < bytes.count else { continue }
        bytes[place] = stream.integer(below: 2) == 0
          ? interesting[stream.integer(below: interesting.count)] : UInt8(stream.integer(below: 256))
      case 4: bytes.removeSubrange(min(bytes.count, place)...)
      case 5: bytes.insert(UInt8(stream.integer(below: 256)), at: min(place, bytes.count))
      case 6: bytes += bytes.prefix(stream.integer(below: 64))
      default:
        let end = min(bytes.count, place + stream.integer(below: 16))
        if place < end { bytes.removeSubrange(place..<end) }
      }
    }
    return bytes
  }

  /// PNG checks its chunks, so that hardly any change would get past that: the sums are made right again.
  private func withChecksums(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    var position = 8
    while position + 12 <= bytes.count {
      let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - position - 12 else { break }
      let end = position + 8 + length
      bytes.replaceSubrange(end..<end + 4, with: bigEndian(Int(crc32(bytes[position + 4..<end]))))
      position = end + 4
    }
    return bytes
  }

  @Test("10,000 damaged files are each read or left out with a reason")
  func fuzz() throws {
    let fixtures = PictureFixture.all
    var (read, reasons) = (0, Set<String>())
    for round in 0..<10 {
      try withTemporaryFolder { folder in
        // So that there is an image at any rate.
        try write(pngFile([1], height: 1, width: 1, channels: 1), to: "c/0.png", in: folder)
        for number in 0..<1000 {
          let sample = 1000 * round + number
          var stream = RandomStream(seed: 3, purpose: RandomPurpose("fuzz"), sample: sample)
          let fixture = fixtures[sample % fixtures.count]
          var bytes = mutated(fixture.file, by: &stream)
          if fixture.name.hasSuffix(".png"), stream.integer(below: 4) > 0 { bytes = withChecksums(bytes) }
          try write(bytes, to: "c/\(number + 1).png", in: folder)
        }
        let reading = try ImageFileList.locate(in: folder, split: .train).read(
          .init(size: ImageSize(height: 4, width: 4), pixelLimit: 1 << 20), pool: .shared)
        #expect(reading.images.count + reading.leftOut.count == 1001)
        #expect(reading.images.pixels.count == reading.images.count * reading.images.shape.count)
        #expect(reading.leftOut.allSatisfy { $0.text.count > 10 })
        read += reading.images.count
        reasons.formUnion(reading.leftOut.map(\.text))
      }
    }
    #expect(read > 1000 && read < 9000, "\(read)")
    #expect(reasons.count > 30, "\(reasons.count)")
  }
}
