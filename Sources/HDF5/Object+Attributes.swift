import CHDF5

extension Object {
  /// The names of the attributes, sorted.
  package var attributeNames: [String] {
    get throws(HDF5Error) {
      let id = try identifier()
      var names: [String] = []
      try location.check(.readAttribute) {
        withUnsafeMutablePointer(to: &names) { pointer in
          H5Aiterate2(id, H5_INDEX_NAME, H5_ITER_INC, nil, { _, name, _, context in
            guard let name, let context else { return 0 }
            context.assumingMemoryBound(to: [String].self).pointee.append(String(cString: name))
            return 0
          }, pointer)
        }
      }
      return names.sorted()
    }
  }

  package func hasAttribute(_ name: String) throws(HDF5Error) -> Bool {
    let id = try identifier()
    try requireAttributeName(name)
    return try location.check(.readAttribute) { H5Aexists(id, name) } > 0
  }

  /// The value of an attribute as a given type.
  ///
  ///     let rate = try group.attribute("rate", as: Double.self)
  ///
  /// Throws: `.missingAttribute`, `.attributeMismatch`, `.library`.
  package func attribute<Value: AttributeConvertible>(
    _ name: String, as type: Value.Type = Value.self
  ) throws(HDF5Error) -> Value {
    let stored = try attribute(name)
    guard let value = Value(stored) else {
      throw location.error(
        .attributeMismatch(name, stored: stored.kind, requested: Value.attributeKind))
    }
    return value
  }

  /// The value of an attribute; lists of more than one axis come as one list.
  ///
  /// Throws: `.missingAttribute`, `.typeMismatch` for types that ``AttributeValue`` does not have.
  package func attribute(_ name: String) throws(HDF5Error) -> AttributeValue {
    let id = try identifier()
    guard try hasAttribute(name) else {
      throw location.error(.missingAttribute(name, present: try attributeNames))
    }
    let attribute = try location.temporary(.readAttribute, release: H5Aclose) {
      H5Aopen(id, name, winnow_property_default())
    }
    let handle = attribute.id
    let type = try location.temporary(.readAttribute, release: H5Tclose) { H5Aget_type(handle) }
    let space = try location.temporary(.readAttribute, release: H5Sclose) { H5Aget_space(handle) }
    let shape = try location.shape(of: space.id, .readAttribute)
    let stored = ElementType(of: type.id)

    switch stored.class {
    case .text:
      let values = try location.readText(
        .readAttribute, type: type.id, space: space.id, shape: shape
      ) { H5Aread(handle, $0, $1) }
      return single(values, shape).map { .string($0) } ?? .strings(values)
    case .floatingPoint:
      let values = try read(handle, shape, zero: 0 as Double)
      return single(values, shape).map { .double($0) } ?? .doubles(values)
    case .signed:
      let values = try read(handle, shape, zero: 0 as Int)
      return single(values, shape).map { .integer($0) } ?? .integers(values)
    case .unsigned:
      let wide = try read(handle, shape, zero: 0 as UInt64)
      let values = wide.compactMap(Int.init(exactly:))
      guard values.count == wide.count else {
        throw location.error(.typeMismatch(stored: stored, requested: .int64))
      }
      return single(values, shape).map { .integer($0) } ?? .integers(values)
    case .other:
      throw location.error(
        .attributeMismatch(name, stored: "something unknown", requested: "text or numbers"))
    }
  }

  private func read<Element: HDF5Scalar>(
    _ attribute: hid_t, _ shape: [Int], zero: Element
  ) throws(HDF5Error) -> [Element] {
    let count = try location.allocatableCount(shape, bytesPerElement: MemoryLayout<Element>.stride)
    guard count > 0, let type = Element.elementType.memoryType else { return [] }
    var values = [Element](repeating: zero, count: count)
    try location.check(.readAttribute) { H5Aread(attribute, type, &values) }
    return values
  }

  private func single<Element>(_ values: [Element], _ shape: [Int]) -> Element? {
    shape.isEmpty ? values.first : nil
  }
}

// MARK: - Setting

extension Object {
  /// Sets an attribute; one of the same name is replaced.
  ///
  /// Throws: `.zeroInText`, `.invalidName` (empty or with a zero character), `.library`.
  package func setAttribute(_ name: String, to value: AttributeValue) throws(HDF5Error) {
    switch value {
    case .string(let text): try set(name, text: [text], shape: [])
    case .strings(let texts): try set(name, text: texts, shape: [texts.count])
    case .integer(let value): try set(name, values: [value], shape: [])
    case .integers(let values): try set(name, values: values, shape: [values.count])
    case .double(let value): try set(name, values: [value], shape: [])
    case .doubles(let values): try set(name, values: values, shape: [values.count])
    }
  }

  /// Sets several attributes, in the order of their names.
  ///
  /// The text of `meaning`, with `axes` before it where there are any, becomes the object's comment as well:
  /// `h5dump -H` prints comments, but no values of attributes.
  package func setAttributes(_ attributes: [String: AttributeValue]) throws(HDF5Error) {
    for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
      try setAttribute(name, to: value)
    }
    if case .string(let meaning)? = attributes["meaning"] {
      if case .string(let axes)? = attributes["axes"] {
        try setComment("[\(axes)] \(meaning)")
      } else {
        try setComment(meaning)
      }
    }
  }

  private func setComment(_ comment: String) throws(HDF5Error) {
    let id = try identifier()
    try location.check(.writeAttribute) { H5Oset_comment(id, comment) }
  }

  /// Removes an attribute.
  ///
  /// Throws: `.missingAttribute`.
  package func removeAttribute(_ name: String) throws(HDF5Error) {
    let id = try identifier()
    guard try hasAttribute(name) else {
      throw location.error(.missingAttribute(name, present: try attributeNames))
    }
    try location.check(.writeAttribute) { H5Adelete(id, name) }
  }

  private func set(_ name: String, text: [String], shape: [Int]) throws(HDF5Error) {
    let packed = try PackedText(text, at: location)
    let type = try location.textType(width: packed.width, .writeAttribute)
    try packed.bytes.withUnsafeBufferPointer { bytes throws(HDF5Error) in
      try set(name, .init(bytes), storedType: type.id, memoryType: type.id, shape: shape)
    }
  }

  private func set<Element: HDF5Scalar>(
    _ name: String, values: [Element], shape: [Int]
  ) throws(HDF5Error) {
    let element = Element.elementType
    guard let storedType = element.storedType, let memoryType = element.memoryType else {
      throw location.error(.typeMismatch(stored: element, requested: element))
    }
    try values.withUnsafeBufferPointer { values throws(HDF5Error) in
      try set(name, .init(values), storedType: storedType, memoryType: memoryType, shape: shape)
    }
  }

  private func set(
    _ name: String, _ bytes: UnsafeRawBufferPointer, storedType: hid_t, memoryType: hid_t, shape: [Int]
  ) throws(HDF5Error) {
    let id = try identifier()
    let space = try location.space(shape, .writeAttribute)
    let properties = try location.temporary(.writeAttribute, release: H5Pclose) {
      H5Pcreate(winnow_property_attribute_create())
    }
    try location.check(.writeAttribute) { H5Pset_char_encoding(properties.id, H5T_CSET_UTF8) }
    if try hasAttribute(name) { try removeAttribute(name) }
    let attribute = try location.temporary(.writeAttribute, release: H5Aclose) {
      H5Acreate2(id, name, storedType, space.id, properties.id, winnow_property_default())
    }
    guard !bytes.isEmpty else { return }
    try location.check(.writeAttribute) { H5Awrite(attribute.id, memoryType, bytes.baseAddress) }
  }

  private func requireAttributeName(_ name: String) throws(HDF5Error) {
    guard !name.isEmpty, !name.utf8.contains(0) else { throw location.error(.invalidName(name)) }
  }
}
