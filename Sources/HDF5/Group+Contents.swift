// Whole datasets in one call.

extension Group {
  /// Writes a dataset of numbers, the last axis varying fastest.
  ///
  /// - Parameter shape: The sizes of the axes; nil for one axis with all values.
  ///
  /// Throws: `.alreadyExists`, `.countMismatch` where the shape does not hold as many values as there are,
  /// and what ``createDataset(_:of:shape:storage:attributes:)`` throws.
  package func write<Element: HDF5Scalar>(
    _ values: [Element], shape: [Int]? = nil, to name: String, storage: Storage = .contiguous,
    attributes: [String: AttributeValue] = [:]
  ) throws(HDF5Error) {
    try values.withUnsafeBufferPointer { buffer throws(HDF5Error) in
      try write(buffer, shape: shape, to: name, storage: storage, attributes: attributes)
    }
  }

  /// Writes a dataset of numbers from memory, the last axis varying fastest.
  ///
  /// Throws: as for an array.
  package func write<Element: HDF5Scalar>(
    _ values: UnsafeBufferPointer<Element>, shape: [Int]? = nil, to name: String,
    storage: Storage = .contiguous, attributes: [String: AttributeValue] = [:]
  ) throws(HDF5Error) {
    let shape = shape ?? [values.count]
    let place = location(of: name)
    let count = try place.elementCount(shape, bytesPerElement: MemoryLayout<Element>.stride)
    guard count == values.count else {
      throw place.error(.countMismatch(expected: count, found: values.count))
    }
    let dataset = try createDataset(
      name, of: Element.self, shape: shape, storage: storage, attributes: attributes)
    try dataset.write(values)
    try dataset.close()
  }

  /// Writes a single number, as a dataset without axes.
  package func write<Element: HDF5Scalar>(
    _ value: Element, to name: String, attributes: [String: AttributeValue] = [:]
  ) throws(HDF5Error) {
    try write([value], shape: [], to: name, attributes: attributes)
  }

  /// Writes a dataset of text: UTF-8, padded with zeros to the longest string.
  ///
  /// Throws: `.zeroInText`, and as for numbers.
  package func write(
    _ strings: [String], shape: [Int]? = nil, to name: String, storage: Storage = .contiguous,
    attributes: [String: AttributeValue] = [:]
  ) throws(HDF5Error) {
    let shape = shape ?? [strings.count]
    let place = location(of: name)
    let text = try PackedText(strings, at: place)
    let count = try place.elementCount(shape, bytesPerElement: text.width)
    guard count == strings.count else {
      throw place.error(.countMismatch(expected: count, found: strings.count))
    }
    let type = try place.textType(width: text.width, .createDataset)
    let dataset = try createDataset(
      name, storedType: type.id, bytesPerElement: text.width, shape: shape, storage: storage,
      attributes: attributes)
    try dataset.write(text, type: type.id)
    try dataset.close()
  }

  /// Writes a single string, as a dataset without axes.
  package func write(
    _ string: String, to name: String, attributes: [String: AttributeValue] = [:]
  ) throws(HDF5Error) {
    try write([string], shape: [], to: name, attributes: attributes)
  }

  /// All elements of a dataset, the last axis varying fastest.
  ///
  /// Throws: `.missingObject`, `.typeMismatch`, `.tooLarge`, `.library` for damage.
  package func read<Element: HDF5Scalar>(
    _ name: String, as element: Element.Type = Element.self
  ) throws(HDF5Error) -> [Element] {
    try dataset(name).read(as: element)
  }

  /// The only element of a dataset.
  ///
  /// Throws: as for arrays; `.countMismatch` where there are more or none.
  package func readScalar<Element: HDF5Scalar>(
    _ name: String, as element: Element.Type = Element.self
  ) throws(HDF5Error) -> Element {
    try only(try read(name, as: element), name)
  }

  /// All strings of a dataset.
  package func readStrings(_ name: String) throws(HDF5Error) -> [String] {
    try dataset(name).readStrings()
  }

  /// The only string of a dataset.
  package func readString(_ name: String) throws(HDF5Error) -> String {
    try only(try readStrings(name), name)
  }

  private func only<Element>(_ elements: [Element], _ name: String) throws(HDF5Error) -> Element {
    guard let first = elements.first, elements.count == 1 else {
      throw location(of: name).error(.countMismatch(expected: 1, found: elements.count))
    }
    return first
  }
}
