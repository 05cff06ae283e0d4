import CZlib
import SystemPackage

/// Unpacks a gzip file piece by piece, as many bytes as are asked for.
///
/// The checksum and the length at the end of the data are verified when the end is reached.
final class GzipInflater {
  /// Deflate packs no data smaller than this: 258 bytes take two bits at least.
  static let largestRatio = 1032

  private let file: InputFile
  private var input = [UInt8](repeating: 0, count: 1 << 16)
  private var unread = 0..<0
  /// At an address of its own, since zlib keeps a pointer to it.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private var hasEnded = false

  init(_ file: InputFile) throws(ImageReaderError) {
    self.file = file
    stream.initialize(to: z_stream())
    guard inflate_initialize(stream, 16 + MAX_WBITS) == Z_OK else {
      throw ImageReaderError(file.path, .corruptGzip(detail: "zlib does not start"))
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Fills `bytes` as far as the data goes and returns the number of bytes written.
  func read(into bytes: inout [UInt8]) throws(ImageReaderError) -> Int {
    try bytes.withUnsafeMutableBufferPointer { buffer throws(ImageReaderError) in
      try read(into: UnsafeMutableRawBufferPointer(buffer))
    }
  }

  /// Fills `destination` as far as the data goes and returns the number of bytes written.
  private func read(into destination: UnsafeMutableRawBufferPointer) throws(ImageReaderError) -> Int {
    var written = 0
    while written < destination.count && !hasEnded {
      if unread.isEmpty { try refill() }
      if unread.isEmpty { throw damage("the data ends before its checksum") }
      let (code, count) = inflateOnce(
        into: UnsafeMutableRawBufferPointer(rebasing: destination[written...]))
      written += count
      switch code {
      case Z_OK, Z_BUF_ERROR: continue
      case Z_STREAM_END: try endMember()
      default: throw damage(stream.pointee.msg.map { String(cString: $0) } ?? "error \(code)")
      }
    }
    return written
  }

  private func inflateOnce(into target: UnsafeMutableRawBufferPointer) -> (code: CInt, count: Int) {
    let room = min(target.count, 1 << 30)
    stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = uInt(room)
    let code = input.withUnsafeMutableBufferPointer { buffer in
      stream.pointee.next_in = buffer.baseAddress?.advanced(by: unread.lowerBound)
      stream.pointee.avail_in = uInt(unread.count)
      return inflate(stream, Z_NO_FLUSH)
    }
    unread = unread.upperBound - Int(stream.pointee.avail_in)..<unread.upperBound
    return (code, room - Int(stream.pointee.avail_out))
  }

  /// A gzip file may have several members, one after the other; anything else after one is damage.
  private func endMember() throws(ImageReaderError) {
    if unread.isEmpty { try refill() }
    if unread.isEmpty {
      hasEnded = true
    } else if input[unread.lowerBound] != 0x1F || inflateReset(stream) != Z_OK {
      throw damage("bytes follow after its end")
    }
  }

  private func refill() throws(ImageReaderError) {
    unread = 0..<(try file.read(into: &input))
  }

  private func damage(_ detail: String) -> ImageReaderError {
    ImageReaderError(file.path, .corruptGzip(detail: detail))
  }
}
