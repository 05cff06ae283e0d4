import CHDF5

// Sets that are larger than memory are read and written a few rows at a time. A row is what one index of the
// first axis selects: an image of a dataset of images.

extension Dataset {
  /// The elements of some rows, the last axis varying fastest.
  ///
  /// Throws: `.rowsOutOfRange`, and what reading all elements throws.
  package func readRows<Element: HDF5Scalar>(
    _ rows: Range<Int>, as element: Element.Type = Element.self
  ) throws(HDF5Error) -> [Element] {
    try requireRows(rows)
    let count = try location.allocatableCount(
      [rows.count] + shape.dropFirst(), bytesPerElement: MemoryLayout<Element>.stride)
    var failure: HDF5Error?
    let elements = [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      do throws(HDF5Error) {
        try readRows(rows, into: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
        initialized = count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return elements
  }

  /// Reads rows into memory of just their number of elements.
  ///
  /// Throws: `.rowsOutOfRange`, `.countMismatch`, and what reading all elements throws.
  package func readRows<Element: HDF5Scalar>(
    _ rows: Range<Int>, into buffer: UnsafeMutableBufferPointer<Element>
  ) throws(HDF5Error) {
    let type = try memoryType(toRead: Element.self)
    try select(rows, count: buffer.count, .read) { id, memory, file in
      H5Dread(id, type, memory, file, winnow_property_default(), buffer.baseAddress)
    }
  }

  /// Writes whole rows, the first of them to a given row.
  ///
  /// Chunks that are only partly covered by a call are read, changed and written again unless they are still
  /// in memory, so pieces that end where chunks end are fastest.
  ///
  /// Throws: `.rowsOutOfRange`, `.countMismatch` for a broken row, and what writing all elements throws.
  package func writeRows<Element: HDF5Scalar>(
    at first: Int, from values: UnsafeBufferPointer<Element>
  ) throws(HDF5Error) {
    let type = try memoryType(toWrite: Element.self)
    let row = try location.elementCount(Array(shape.dropFirst()))
    guard row > 0 || values.isEmpty else {
      throw location.error(.countMismatch(expected: 0, found: values.count))
    }
    let rows = row == 0 ? 0 : values.count / row
    let (end, overflow) = first.addingReportingOverflow(rows)
    guard first >= 0, !overflow else {
      throw location.error(.rowsOutOfRange(first..<max(first, end), shape: shape))
    }
    try select(first..<end, count: values.count, .write) { id, memory, file in
      H5Dwrite(id, type, memory, file, winnow_property_default(), values.baseAddress)
    }
  }

  /// Writes whole rows, the first of them to a given row.
  ///
  /// Throws: as for a buffer.
  package func writeRows<Element: HDF5Scalar>(at first: Int, from values: [Element]) throws(HDF5Error) {
    try values.withUnsafeBufferPointer { buffer throws(HDF5Error) in
      try writeRows(at: first, from: buffer)
    }
  }

  /// Calls the library with data spaces that select rows of the file and as many elements in memory.
  private func select(
    _ rows: Range<Int>, count: Int, _ operation: HDF5Error.Operation,
    _ transfer: (_ dataset: hid_t, _ memory: hid_t, _ file: hid_t) -> herr_t
  ) throws(HDF5Error) {
    let id = try identifier()
    try requireRows(rows)
    let selected = [rows.count] + shape.dropFirst()
    let expected = try location.elementCount(selected)
    guard expected == count else {
      throw location.error(.countMismatch(expected: expected, found: count))
    }
    guard count > 0 else { return }
    let memory = try location.space([count], operation)
    let file = try location.temporary(operation, release: H5Sclose) { H5Dget_space(id) }
    let start = [hsize_t(rows.lowerBound)] + [hsize_t](repeating: 0, count: shape.count - 1)
    try location.check(operation) {
      H5Sselect_hyperslab(file.id, H5S_SELECT_SET, start, nil, selected.map(hsize_t.init), nil)
    }
    try location.check(operation) { transfer(id, memory.id, file.id) }
  }

  private func requireRows(_ rows: Range<Int>) throws(HDF5Error) {
    guard let count = shape.first, rows.lowerBound >= 0, rows.upperBound <= count else {
      throw location.error(.rowsOutOfRange(rows, shape: shape))
    }
  }
}
