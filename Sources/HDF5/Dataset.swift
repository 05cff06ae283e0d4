import CHDF5

/// A dataset: an array of elements of one type.
package final class Dataset: Object {
  /// The sizes of the axes, `[]` for a scalar.
  package let shape: [Int]

  package let elementType: ElementType

  /// Takes over an identifier; it is released where that fails.
  init(opened id: hid_t, file: File, path: String) throws(HDF5Error) {
    let location = file.location(of: path)
    do {
      let type = try location.temporary(.describe, release: H5Tclose) { H5Dget_type(id) }
      let space = try location.temporary(.describe, release: H5Sclose) { H5Dget_space(id) }
      shape = try location.shape(of: space.id, .describe)
      elementType = ElementType(of: type.id)
    } catch {
      quietly { _ = H5Dclose(id) }
      throw error
    }
    super.init(id, file: file, path: path)
  }

  /// The number of elements.
  ///
  /// Throws: `.invalidShape` for the shape of a damaged file whose product overflows.
  package var count: Int {
    get throws(HDF5Error) { try location.elementCount(shape) }
  }
}

// MARK: - All elements

extension Dataset {
  /// All elements, the last axis varying fastest.
  ///
  /// Integers can be read as wider ones, floating-point numbers as any floating-point type.
  ///
  /// Throws: `.typeMismatch`, `.tooLarge` for more than fits into memory, `.library` for damage.
  package func read<Element: HDF5Scalar>(
    as element: Element.Type = Element.self
  ) throws(HDF5Error) -> [Element] {
    let count = try location.allocatableCount(shape, bytesPerElement: MemoryLayout<Element>.stride)
    var failure: HDF5Error?
    let elements = [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      do throws(HDF5Error) {
        try read(into: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
        initialized = count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return elements
  }

  /// Reads all elements into memory of just their number.
  ///
  /// Throws: `.typeMismatch`, `.countMismatch`, `.library` for damage.
  package func read<Element: HDF5Scalar>(
    into buffer: UnsafeMutableBufferPointer<Element>
  ) throws(HDF5Error) {
    let id = try identifier()
    let type = try memoryType(toRead: Element.self)
    try requireCount(buffer.count)
    guard let address = buffer.baseAddress, !buffer.isEmpty else { return }
    try location.check(.read) {
      H5Dread(id, type, winnow_space_all(), winnow_space_all(), winnow_property_default(), address)
    }
  }

  /// Writes all elements.
  ///
  /// Throws: `.typeMismatch` where the stored type does not hold every value, `.countMismatch`, `.library`.
  package func write<Element: HDF5Scalar>(_ values: UnsafeBufferPointer<Element>) throws(HDF5Error) {
    let id = try identifier()
    let type = try memoryType(toWrite: Element.self)
    try requireCount(values.count)
    guard let address = values.baseAddress, !values.isEmpty else { return }
    try location.check(.write) {
      H5Dwrite(id, type, winnow_space_all(), winnow_space_all(), winnow_property_default(), address)
    }
  }

  /// Writes all elements.
  ///
  /// Throws: as for a buffer.
  package func write<Element: HDF5Scalar>(_ values: [Element]) throws(HDF5Error) {
    try values.withUnsafeBufferPointer { buffer throws(HDF5Error) in try write(buffer) }
  }

  /// All strings of a dataset of text.
  ///
  /// Throws: `.typeMismatch`, `.invalidText`, `.tooLarge`, `.library`.
  package func readStrings() throws(HDF5Error) -> [String] {
    let id = try identifier()
    guard elementType == .string else {
      throw location.error(.typeMismatch(stored: elementType, requested: .string))
    }
    let type = try location.temporary(.read, release: H5Tclose) { H5Dget_type(id) }
    let space = try location.temporary(.read, release: H5Sclose) { H5Dget_space(id) }
    return try location.readText(.read, type: type.id, space: space.id, shape: shape) { type, buffer in
      H5Dread(id, type, winnow_space_all(), winnow_space_all(), winnow_property_default(), buffer)
    }
  }

  func write(_ text: PackedText, type: hid_t) throws(HDF5Error) {
    let id = try identifier()
    guard !text.bytes.isEmpty else { return }
    try location.check(.write) {
      H5Dwrite(id, type, winnow_space_all(), winnow_space_all(), winnow_property_default(), text.bytes)
    }
  }

  private func requireCount(_ found: Int) throws(HDF5Error) {
    let expected = try count
    guard expected == found else {
      throw location.error(.countMismatch(expected: expected, found: found))
    }
  }

  func memoryType<Element: HDF5Scalar>(toRead element: Element.Type) throws(HDF5Error) -> hid_t {
    let requested = Element.elementType
    guard elementType.isReadable(as: requested), let type = requested.memoryType else {
      throw location.error(.typeMismatch(stored: elementType, requested: requested))
    }
    return type
  }

  func memoryType<Element: HDF5Scalar>(toWrite element: Element.Type) throws(HDF5Error) -> hid_t {
    let given = Element.elementType
    guard given.isReadable(as: elementType), let type = given.memoryType else {
      throw location.error(.typeMismatch(stored: elementType, requested: given))
    }
    return type
  }
}
