extension HDF5Error: CustomStringConvertible {
  package var description: String {
    let place = object == "/" ? "\(file)" : "\(file): \(object)"
    return "\(place): \(reason.text)"
  }
}

extension HDF5Error.Reason {
  var text: String {
    switch self {
    case .system(let operation, let code):
      "cannot \(operation.text): \(code)"
    case .notHDF5:
      "this is not an HDF5 file"
    case .closed:
      "used after it was closed"
    case .missingObject(let present):
      "there is no such object; \(listed(present, none: "the group is empty", some: "the group contains"))"
    case .missingAttribute(let name, let present):
      "there is no attribute '\(name)'; \(listed(present, none: "there are none", some: "there are"))"
    case .wrongKind(let expected):
      "this is not a \(expected)"
    case .alreadyExists:
      "an object of this name already exists"
    case .invalidName(let name):
      "'\(name)' cannot be a name: names have no empty parts, no '.' as a part, and no zero character"
    case .invalidShape(let shape):
      "\(shape) cannot be a shape: at most 32 axes, no negative sizes, fewer than 2^63 bytes"
    case .invalidChunk(let chunk, let shape):
      "chunks of \(chunk) do not suit the shape \(shape): the same number of axes, no zeros, under 4 GiB"
    case .invalidCompression(let level):
      "the compression level \(level) is not in 0...9"
    case .countMismatch(let expected, let found):
      "\(expected) elements are needed, \(found) were given"
    case .typeMismatch(let stored, let requested):
      "the elements are \(stored) and cannot be read as \(requested)"
    case .attributeMismatch(let name, let stored, let requested):
      "the attribute '\(name)' holds \(stored), not \(requested)"
    case .rowsOutOfRange(let rows, let shape):
      "rows \(rows.lowerBound)..<\(rows.upperBound) are outside of the shape \(shape)"
    case .tooLarge(let shape, let bytesPerElement):
      "the shape \(shape) with \(bytesPerElement) bytes an element needs more memory than there is"
    case .zeroInText:
      "text with a zero character cannot be stored"
    case .invalidText:
      "the text is not UTF-8"
    case .library(let operation, let stack):
      "cannot \(operation.text), the file may be damaged"
        + (stack.isEmpty ? "" : ": " + stack.prefix(2).joined(separator: "; "))
    }
  }

  private func listed(_ names: [String], none: String, some: String) -> String {
    guard !names.isEmpty else { return none }
    let shown = names.prefix(12).joined(separator: ", ")
    return "\(some) \(shown)" + (names.count > 12 ? " and \(names.count - 12) more" : "")
  }
}

extension HDF5Error.Operation {
  var text: String {
    switch self {
    case .createFile: "create the file"
    case .openFile: "open the file"
    case .flush: "write what is pending"
    case .close: "close"
    case .createGroup: "create the group"
    case .openObject: "open the object"
    case .list: "list the names"
    case .createDataset: "create the dataset"
    case .describe: "read type and shape"
    case .read: "read the elements"
    case .write: "write the elements"
    case .readAttribute: "read the attribute"
    case .writeAttribute: "write the attribute"
    }
  }
}
