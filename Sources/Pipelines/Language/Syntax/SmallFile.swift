import SystemPackage

/// A file that somebody wrote by hand, and that is therefore small.
package enum SmallFile {
  /// The bytes of a file: of one with more than `limit` bytes more than `limit`, but not all.
  package static func bytes(at path: FilePath, limit: Int) throws(Errno) -> [UInt8] {
    do {
      let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
      return try file.closeAfter {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= limit {
          let count = try buffer.withUnsafeMutableBytes { try file.read(into: $0) }
          if count == 0 { break }
          bytes += buffer[..<count]
        }
        return bytes
      }
    } catch let error as Errno {
      throw error
    } catch {
      throw .ioError
    }
  }
}
