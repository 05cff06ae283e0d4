import CHDF5

/// Strings as they lie in a file: UTF-8, all of one width, padded with zeros.
struct PackedText {
  /// `width` bytes for each string.
  let bytes: [UInt8]
  /// The bytes of the longest string, at least 1: the C library has no strings of width 0.
  let width: Int

  init(_ strings: [String], at location: Location) throws(HDF5Error) {
    let width = max(1, strings.lazy.map(\.utf8.count).max() ?? 0)
    let total = try location.elementCount([strings.count, width])
    var bytes: [UInt8] = []
    bytes.reserveCapacity(total)
    for string in strings {
      guard !string.utf8.contains(0) else { throw location.error(.zeroInText) }
      bytes.append(contentsOf: string.utf8)
      bytes.append(contentsOf: repeatElement(0, count: width - string.utf8.count))
    }
    self.bytes = bytes
    self.width = width
  }
}

extension Location {
  /// The type of strings of one width, or of any width each for nil.
  func textType(
    width: Int?, encoding: H5T_cset_t = H5T_CSET_UTF8, _ operation: HDF5Error.Operation
  ) throws(HDF5Error) -> TemporaryIdentifier {
    let type = try temporary(operation, release: H5Tclose) { H5Tcopy(winnow_string()) }
    try check(operation) { H5Tset_size(type.id, width ?? winnow_variable_size()) }
    try check(operation) { H5Tset_cset(type.id, encoding) }
    if width != nil { try check(operation) { H5Tset_strpad(type.id, H5T_STR_NULLPAD) } }
    return type
  }

  /// Reads strings of a dataset or an attribute, in whichever way they are stored.
  ///
  /// - Parameter read: Reads all elements as the given type to the given address.
  func readText(
    _ operation: HDF5Error.Operation, type: hid_t, space: hid_t, shape: [Int],
    _ read: (hid_t, UnsafeMutableRawPointer) -> herr_t
  ) throws(HDF5Error) -> [String] {
    if try check(operation, { H5Tis_variable_str(type) }) > 0 {
      return try readVariableText(operation, type: type, space: space, shape: shape, read)
    }
    let width = quietly { H5Tget_size(type) }
    let count = try allocatableCount(shape, bytesPerElement: width)
    guard count > 0, width > 0 else { return [] }
    var bytes = [UInt8](repeating: 0, count: count * width)
    try bytes.withUnsafeMutableBufferPointer { buffer throws(HDF5Error) in
      guard let address = buffer.baseAddress else { return }
      _ = try check(operation) { read(type, address) }
    }
    let padding: UInt8 = quietly { H5Tget_strpad(type) } == H5T_STR_SPACEPAD ? 0x20 : 0
    var strings: [String] = []
    strings.reserveCapacity(count)
    for start in stride(from: 0, to: bytes.count, by: width) {
      var text = bytes[start..<start + width].prefix { $0 != 0 }
      while let last = text.last, last == padding { text.removeLast() }
      guard let string = String(validating: text, as: UTF8.self) else { throw error(.invalidText) }
      strings.append(string)
    }
    return strings
  }

  private func readVariableText(
    _ operation: HDF5Error.Operation, type: hid_t, space: hid_t, shape: [Int],
    _ read: (hid_t, UnsafeMutableRawPointer) -> herr_t
  ) throws(HDF5Error) -> [String] {
    let count = try allocatableCount(shape, bytesPerElement: MemoryLayout<UnsafePointer<CChar>>.stride)
    guard count > 0 else { return [] }
    let memoryType = try textType(width: nil, encoding: quietly { H5Tget_cset(type) }, operation)
    var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
    return try pointers.withUnsafeMutableBufferPointer { buffer throws(HDF5Error) in
      guard let address = buffer.baseAddress else { return [] }
      defer {
        quietly { _ = H5Dvlen_reclaim(memoryType.id, space, winnow_property_default(), address) }
      }
      try check(operation) { read(memoryType.id, address) }
      var strings: [String] = []
      for pointer in buffer {
        guard let pointer else {
          strings.append("")
          continue
        }
        guard let string = String(validatingCString: pointer) else { throw error(.invalidText) }
        strings.append(string)
      }
      return strings
    }
  }
}
