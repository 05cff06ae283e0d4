import SystemPackage

/// The process's largest resident set, as Linux counts it.
struct MemoryUse {
  let files: FileSystem

  /// Resets the peak. Where the system does not allow it, the peak is that since the process started.
  func reset() {
    let path: FilePath = "/proc/self/clear_refs"
    guard let descriptor = try? files.open(path, 1) else { return }
    try? files.write(descriptor, Array("5".utf8), path)
    try? files.close(descriptor, path)
  }

  /// In bytes; `nil` where the system does not tell.
  func peak() -> Int64? {
    guard let text = readStatus() else { return nil }
    for line in text.split(separator: "\n") where line.hasPrefix("VmHWM:") {
      let fields = line.split { $0 == " " || $0 == "\t" }
      return fields.count > 1 ? Int64(fields[1]).map { $0 * 1024 } : nil
    }
    return nil
  }

  private func readStatus() -> String? {
    let path: FilePath = "/proc/self/status"
    guard let descriptor = try? files.open(path, 0) else { return nil }
    defer { try? files.close(descriptor, path) }
    // The kernel gives such files no size.
    var bytes = [UInt8](repeating: 0, count: 16_384)
    let count = bytes.withUnsafeMutableBytes { try? files.read(descriptor, into: $0, path) }
    return count.map { String(decoding: bytes.prefix($0), as: UTF8.self) }
  }
}
