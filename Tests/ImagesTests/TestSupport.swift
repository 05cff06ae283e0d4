import Foundation
import Images
import SystemPackage
import TestSupport

/// An image whose bytes look random; `Fixtures/transformations.py` makes the same.
func testImage(_ shape: ImageShape) -> Image<UInt8> {
  let pixels = (0..<shape.count).map { index -> UInt8 in
    var word = UInt32(truncatingIfNeeded: index) &* 2_654_435_761
    word ^= word >> 15
    return UInt8((word &* 2_246_822_519) >> 24)
  }
  return Image(pixels: pixels, shape: shape)
}

/// A set of `count` images that look random, with labels 0, 1, … in turn.
func testSet(count: Int, shape: ImageShape, classCount: Int = 10) throws -> ImageSet {
  let all = ImageShape(height: count * shape.height, width: shape.width, channels: shape.channels)
  return try ImageSet(
    pixels: testImage(all).pixels, shape: shape, labels: (0..<count).map { $0 % classCount },
    classNames: (0..<classCount).map { "\($0)" }, origin: "test")
}

/// The checksum of zlib and gzip, computed bit by bit.
func crc32(_ bytes: some Sequence<UInt8>) -> UInt32 {
  var crc = UInt32.max
  for byte in bytes {
    crc ^= UInt32(byte)
    for _ in 0..<8 {
      let isOdd = crc & 1 == 1
      crc >>= 1
      if isOdd { crc ^= 0xEDB8_8320 }
    }
  }
  return ~crc
}

/// The bytes of `values` as they lie in memory.
func rawBytes(_ values: [Float]) -> [UInt8] { values.withUnsafeBytes { Array($0) } }

/// A folder that is there while `body` runs.
func withTemporaryFolder<Result>(_ body: (FilePath) throws -> Result) throws -> Result {
  let folder = try TemporaryFolder()
  return try withExtendedLifetime(folder) { try body(folder.path) }
}

/// Writes `bytes` to a file of `folder`.
func write(_ bytes: some Sequence<UInt8>, to name: String, in folder: FilePath) throws {
  let url = URL(fileURLWithPath: folder.appending(name).string)
  try FileManager.default.createDirectory(
    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
  try Data(bytes).write(to: url)
}

/// A number as the four bytes that IDX has, most significant first.
func bigEndian(_ number: Int) -> [UInt8] {
  [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
}

/// A gzip member (RFC 1952) with `bytes` in stored blocks (RFC 1951), that is, not compressed.
func gzipped(_ bytes: [UInt8]) -> [UInt8] {
  var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
  var rest = bytes[...]
  repeat {
    let block = rest.prefix(0xFFFF)
    rest = rest.dropFirst(block.count)
    let length = [UInt8(block.count & 0xFF), UInt8(block.count >> 8)]
    result.append(rest.isEmpty ? 1 : 0)
    result += length
    result += length.map { ~$0 }
    result += block
  } while !rest.isEmpty
  result += bigEndian(Int(crc32(bytes))).reversed()
  result += bigEndian(bytes.count).reversed()
  return result
}

/// The reason why reading fails, or a failure of the test when it does not.
func readerError(_ body: () throws -> some Any) -> ImageReaderError? {
  do {
    _ = try body()
    return nil
  } catch {
    return error as? ImageReaderError
  }
}
