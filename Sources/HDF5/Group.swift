import CHDF5

/// A group: named objects, as a folder holds files.
///
/// Wherever a name is asked for, a path of names with `/` between them may stand: `"weights/conv1.weight"`.
/// What is created that way gets the groups that it needs.
package final class Group: Object {
  /// The names of the objects in the group, sorted.
  package var names: [String] {
    get throws(HDF5Error) {
      let id = try identifier()
      var names: [String] = []
      try location.check(.list) {
        withUnsafeMutablePointer(to: &names) { pointer in
          winnow_iterate_links(id, { _, name, _, context in
            guard let name, let context else { return 0 }
            context.assumingMemoryBound(to: [String].self).pointee.append(String(cString: name))
            return 0
          }, pointer)
        }
      }
      return names.sorted()
    }
  }

  /// Whether an object is there.
  package func contains(_ name: String) throws(HDF5Error) -> Bool {
    try object(name) != nil
  }

  /// The group, dataset or (as a bare ``Object``) other thing of a name, nil where there is none.
  package func object(_ name: String) throws(HDF5Error) -> Object? {
    try descend(name).object
  }

  /// Throws: `.missingObject`, `.wrongKind`.
  package func group(_ name: String) throws(HDF5Error) -> Group {
    guard let group = try existing(name) as? Group else {
      throw location(of: name).error(.wrongKind(expected: "group"))
    }
    return group
  }

  /// The group of a name, nil where nothing is there.
  ///
  /// Throws: `.wrongKind` where something else is there.
  package func groupIfPresent(_ name: String) throws(HDF5Error) -> Group? {
    guard let object = try object(name) else { return nil }
    guard let group = object as? Group else {
      throw location(of: name).error(.wrongKind(expected: "group"))
    }
    return group
  }

  /// Throws: `.missingObject`, `.wrongKind`.
  package func dataset(_ name: String) throws(HDF5Error) -> Dataset {
    guard let dataset = try existing(name) as? Dataset else {
      throw location(of: name).error(.wrongKind(expected: "dataset"))
    }
    return dataset
  }

  private func existing(_ name: String) throws(HDF5Error) -> Object {
    let (object, nearest) = try descend(name)
    guard let object else {
      throw location(of: name).error(.missingObject(present: try nearest.names))
    }
    return object
  }
}

// MARK: - Creation

extension Group {
  /// Creates a group, and those that its path goes through where they are missing.
  ///
  /// Throws: `.alreadyExists`, `.wrongKind` where the path goes through a dataset.
  @discardableResult
  package func createGroup(
    _ name: String, attributes: [String: AttributeValue] = [:]
  ) throws(HDF5Error) -> Group {
    let (parent, last) = try parentForCreation(of: name)
    let group = try parent.createChildGroup(last)
    try group.setAttributes(attributes)
    return group
  }

  /// Creates a dataset of numbers; those that are never written are zero.
  ///
  /// - Parameter shape: The sizes of the axes, `[]` for a scalar.
  ///
  /// Throws: `.alreadyExists`, `.invalidShape`, `.invalidChunk`, `.invalidCompression`.
  package func createDataset<Element: HDF5Scalar>(
    _ name: String, of element: Element.Type, shape: [Int], storage: Storage = .contiguous,
    attributes: [String: AttributeValue] = [:]
  ) throws(HDF5Error) -> Dataset {
    let type = Element.elementType
    guard let storedType = type.storedType else {
      throw location(of: name).error(.typeMismatch(stored: type, requested: type))
    }
    return try createDataset(
      name, storedType: storedType, bytesPerElement: type.byteCount, shape: shape, storage: storage,
      attributes: attributes)
  }

  func createDataset(
    _ name: String, storedType: hid_t, bytesPerElement: Int, shape: [Int], storage: Storage,
    attributes: [String: AttributeValue]
  ) throws(HDF5Error) -> Dataset {
    let place = location(of: name)
    _ = try place.elementCount(shape, bytesPerElement: bytesPerElement)
    let properties = try storage.properties(for: shape, bytesPerElement: bytesPerElement, at: place)
    let space = try place.space(shape, .createDataset)
    let (parent, last) = try parentForCreation(of: name)
    let parentID = try parent.identifier()
    let links = try place.linkProperties(.createDataset)
    let id = try place.check(.createDataset) {
      H5Dcreate2(
        parentID, last, storedType, space.id, links.id, properties.id, winnow_property_default())
    }
    let dataset = try Dataset(opened: id, file: file, path: place.object)
    try dataset.setAttributes(attributes)
    return dataset
  }

  private func createChildGroup(_ name: String) throws(HDF5Error) -> Group {
    let id = try identifier()
    let place = location(of: name)
    let links = try place.linkProperties(.createGroup)
    let properties = try place.temporary(.createGroup, release: H5Pclose) {
      H5Pcreate(winnow_property_group_create())
    }
    try place.check(.createGroup) { H5Pset_obj_track_times(properties.id, false) }
    let group = try place.check(.createGroup) {
      H5Gcreate2(id, name, links.id, properties.id, winnow_property_default())
    }
    return Group(group, file: file, path: place.object)
  }

  /// The group in which the last name of a path is free to be created.
  private func parentForCreation(of path: String) throws(HDF5Error) -> (parent: Group, name: String) {
    let (parts, last) = try split(path)
    var parent = self
    for part in parts {
      switch try parent.child(part) {
      case nil: parent = try parent.createChildGroup(part)
      case let group as Group: parent = group
      default: throw parent.location(of: part).error(.wrongKind(expected: "group"))
      }
    }
    if try parent.child(last) != nil { throw location(of: path).error(.alreadyExists) }
    return (parent, last)
  }
}

// MARK: - Paths

extension Group {
  /// Where an object of this group is, or would be.
  func location(of name: String) -> Location {
    file.location(of: path == "/" ? "/\(name)" : "\(path)/\(name)")
  }

  /// Follows a path as far as it goes: the object at its end, and the last group on the way.
  private func descend(_ path: String) throws(HDF5Error) -> (object: Object?, nearest: Group) {
    let (parts, last) = try split(path)
    var nearest = self
    for part in parts {
      guard let next = try nearest.child(part) as? Group else { return (nil, nearest) }
      nearest = next
    }
    return (try nearest.child(last), nearest)
  }

  private func split(_ path: String) throws(HDF5Error) -> (parts: [String], last: String) {
    var parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let invalid = parts.contains { $0.isEmpty || $0 == "." || $0.utf8.contains(0) }
    guard !invalid, let last = parts.popLast() else { throw location.error(.invalidName(path)) }
    return (parts, last)
  }

  /// The object of a single name, nil where there is none or a link that leads nowhere.
  private func child(_ name: String) throws(HDF5Error) -> Object? {
    let id = try identifier()
    let place = location(of: name)
    let plain = winnow_property_default()
    guard try place.check(.openObject, { H5Lexists(id, name, plain) }) > 0,
      try place.check(.openObject, { H5Oexists_by_name(id, name, plain) }) > 0
    else { return nil }
    let object = try place.check(.openObject) { H5Oopen(id, name, plain) }
    switch quietly({ H5Iget_type(object) }) {
    case H5I_GROUP: return Group(object, file: file, path: place.object)
    case H5I_DATASET: return try Dataset(opened: object, file: file, path: place.object)
    default: return Object(object, file: file, path: place.object)
    }
  }
}

extension Location {
  func linkProperties(_ operation: HDF5Error.Operation) throws(HDF5Error) -> TemporaryIdentifier {
    let list = try temporary(operation, release: H5Pclose) { H5Pcreate(winnow_property_link_create()) }
    try check(operation) { H5Pset_char_encoding(list.id, H5T_CSET_UTF8) }
    return list
  }
}
