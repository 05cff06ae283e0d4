import CZlib

/// Pictures as PNG files.
package enum PNGFile {
  /// The bytes of a file of a picture; equal pictures give equal bytes.
  ///
  /// - Parameter image: `[height, width, channels]`, channels 1 (grey) or 3 (red, green, blue).
  package static func encode(_ image: Image<UInt8>) -> [UInt8] {
    precondition(image.shape.channels == 1 || image.shape.channels == 3, "grey or colours")
    var header: [UInt8] = []
    append(UInt32(image.shape.width), to: &header)
    append(UInt32(image.shape.height), to: &header)
    // Eight bits a value; grey or colours; the only compression and filters there are; no interlacing.
    header += [8, image.shape.channels == 1 ? 0 : 2, 0, 0, 0]
    var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    append("IHDR", header, to: &bytes)
    append("IDAT", compressed(lines(of: image)), to: &bytes)
    append("IEND", [], to: &bytes)
    return bytes
  }

  /// The pixels, each row behind the number of its filter: 1, every value less that of its left neighbour.
  private static func lines(of image: Image<UInt8>) -> [UInt8] {
    let (length, channels) = (image.shape.rowCount, image.shape.channels)
    var lines: [UInt8] = []
    lines.reserveCapacity((length + 1) * image.shape.height)
    for start in stride(from: 0, to: image.pixels.count, by: length) {
      lines.append(1)
      for offset in 0..<length {
        let left = offset < channels ? 0 : image.pixels[start + offset - channels]
        lines.append(image.pixels[start + offset] &- left)
      }
    }
    return lines
  }

  private static func compressed(_ bytes: [UInt8]) -> [UInt8] {
    var size = compressBound(uLong(bytes.count))
    let packed = [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, count in
      // It fails only for too little room, and there is as much as it can need.
      let code = compress2(buffer.baseAddress, &size, bytes, uLong(bytes.count), Z_BEST_COMPRESSION)
      precondition(code == Z_OK, "zlib had the room that it asked for")
      count = Int(size)
    }
    return packed
  }

  private static func append(_ name: String, _ content: [UInt8], to bytes: inout [UInt8]) {
    append(UInt32(content.count), to: &bytes)
    let checked = Array(name.utf8) + content
    bytes += checked
    append(UInt32(crc32(0, checked, uInt(checked.count))), to: &bytes)
  }

  private static func append(_ number: UInt32, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: number.bigEndian) { bytes += $0 }
  }
}
