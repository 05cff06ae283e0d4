import HDF5

/// The final check of a stage's result: no artifact contains NaN or infinity.
enum FiniteNumbers {
  /// Looks at all floating-point datasets and attributes of a file.
  ///
  /// - Throws: `PipelineError.notFinite`, or `HDF5Error`.
  static func require(in file: HDF5.File) throws {
    try require(in: file.root)
  }

  private static func require(in group: Group) throws {
    try requireAttributes(of: group)
    for name in try group.names {
      switch try group.object(name) {
      case let group as Group:
        try require(in: group)
      case let dataset as Dataset:
        try requireAttributes(of: dataset)
        try requireElements(of: dataset)
      default:
        continue
      }
    }
  }

  private static func requireElements(of dataset: Dataset) throws {
    switch dataset.elementType {
    case .float32: try require(dataset.read(as: Float.self), at: dataset.path)
    case .float64: try require(dataset.read(as: Double.self), at: dataset.path)
    default: break
    }
  }

  private static func requireAttributes(of object: Object) throws {
    for name in try object.attributeNames {
      let place = "the attribute '\(name)' of \(object.path)"
      switch try object.attribute(name) {
      case .double(let value): try require([value], at: place)
      case .doubles(let values): try require(values, at: place)
      default: break
      }
    }
  }

  private static func require(_ values: [some BinaryFloatingPoint], at place: String) throws {
    guard let index = values.firstIndex(where: { !$0.isFinite }) else { return }
    throw PipelineError.notFinite(value: "\(values[index])", index: index, place: place)
  }
}
