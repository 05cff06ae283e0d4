/// A PNG file with the given pixels, not compressed: made without a codec's help.
///
/// - Parameter pixels: `[height, width, channels]`; channels 1 (grey), 3 (colour) or 4 (with transparency).
package func pngFile(_ pixels: [UInt8], height: Int, width: Int, channels: Int) -> [UInt8] {
  precondition(pixels.count == height * width * channels, "as many values as the shape says")
  let colourType: UInt8 = channels == 1 ? 0 : channels == 3 ? 2 : 6
  var rows: [UInt8] = []
  for row in 0..<height {
    rows.append(0)
    rows += pixels[row * width * channels..<(row + 1) * width * channels]
  }
  return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    + chunk("IHDR", bigEndian(width) + bigEndian(height) + [8, colourType, 0, 0, 0])
    + chunk("IDAT", zlibStored(rows)) + chunk("IEND", [])
}

/// A PNG file whose header promises a size, and which has hardly anything behind it.
package func pngHeader(height: Int, width: Int) -> [UInt8] {
  [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    + chunk("IHDR", bigEndian(width) + bigEndian(height) + [8, 2, 0, 0, 0])
    + chunk("IDAT", zlibStored([0, 1, 2])) + chunk("IEND", [])
}

private func bigEndian(_ number: Int) -> [UInt8] {
  [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
}

private func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
  let body = Array(name.utf8) + data
  return bigEndian(data.count) + body + bigEndian(Int(checksum(body)))
}

/// Stored blocks (RFC 1951) in a zlib stream (RFC 1950).
private func zlibStored(_ bytes: [UInt8]) -> [UInt8] {
  var result: [UInt8] = [0x78, 0x01]
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
  var (a, b) = (1, 0)
  for byte in bytes {
    a = (a + Int(byte)) % 65521
    b = (b + a) % 65521
  }
  return result + bigEndian(b << 16 | a)
}

/// The checksum of PNG, computed bit by bit.
private func checksum(_ bytes: [UInt8]) -> UInt32 {
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
