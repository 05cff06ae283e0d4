import CHDF5

/// How the elements of a dataset lie in the file.
///
/// Only chunks can be compressed and checked. A dataset without elements, or with a single one that has no
/// axes, is contiguous whatever is asked for.
package struct Storage: Hashable, Sendable {
  enum Layout: Hashable, Sendable {
    case contiguous
    case chunks([Int])
    /// Chunks of whole rows; nil chooses the number.
    case rows(Int?)
  }

  var layout: Layout
  var deflate: Int?
  var shuffle = false
  var fletcher32 = false

  /// One block, neither compressed nor checked.
  package static let contiguous = Storage(layout: .contiguous)

  /// Chunks of a given shape, which is cut where it is larger than the dataset.
  ///
  /// - Parameters:
  ///   - shape: As many axes as the dataset has.
  ///   - deflate: The compression level, 0...9; nil for none.
  ///   - shuffle: Whether equal bytes of neighbouring elements are put together before compression.
  ///   - fletcher32: Whether each chunk carries a checksum, which reading verifies.
  package static func chunked(
    _ shape: [Int], deflate: Int? = nil, shuffle: Bool = false, fletcher32: Bool = false
  ) -> Storage {
    Storage(layout: .chunks(shape), deflate: deflate, shuffle: shuffle, fletcher32: fletcher32)
  }

  /// Compressed and checked chunks of whole rows (a row is what an index of the first axis selects).
  package static func compressed(rowsPerChunk: Int? = nil, level: Int = 4) -> Storage {
    Storage(layout: .rows(rowsPerChunk), deflate: level, shuffle: true, fletcher32: true)
  }

  /// Checked chunks of whole rows, not compressed: for what does not shrink, such as weights.
  package static func checked(rowsPerChunk: Int? = nil) -> Storage {
    Storage(layout: .rows(rowsPerChunk), fletcher32: true)
  }
}

extension Storage {
  /// The C library keeps chunks of up to 1 MiB in memory between calls; half of it leaves room for two.
  private static let automaticChunkBytes = 1 << 19

  /// The shape of a chunk, nil for contiguous storage.
  func chunk(
    for shape: [Int], bytesPerElement: Int, at location: Location
  ) throws(HDF5Error) -> [Int]? {
    if shape.isEmpty || shape.contains(0) { return nil }
    let wanted: [Int]
    switch layout {
    case .contiguous:
      return nil
    case .chunks(let sizes):
      wanted = sizes
    case .rows(let rows):
      let rowBytes = shape.dropFirst().reduce(bytesPerElement, *)
      wanted = [rows ?? max(1, Self.automaticChunkBytes / rowBytes)] + shape.dropFirst()
    }
    let invalid = location.error(.invalidChunk(wanted, shape: shape))
    guard wanted.count == shape.count, wanted.allSatisfy({ $0 > 0 }) else { throw invalid }
    let chunk = zip(wanted, shape).map { min($0, $1) }
    guard chunk.reduce(bytesPerElement, *) < 1 << 32 else { throw invalid }
    return chunk
  }

  /// The properties that a dataset is created with.
  func properties(
    for shape: [Int], bytesPerElement: Int, at location: Location
  ) throws(HDF5Error) -> TemporaryIdentifier {
    let list = try location.temporary(.createDataset, release: H5Pclose) {
      H5Pcreate(winnow_property_dataset_create())
    }
    try location.check(.createDataset) { H5Pset_obj_track_times(list.id, false) }
    if let deflate, !(0...9).contains(deflate) { throw location.error(.invalidCompression(deflate)) }
    guard let chunk = try chunk(for: shape, bytesPerElement: bytesPerElement, at: location) else {
      return list
    }
    try location.check(.createDataset) {
      H5Pset_chunk(list.id, Int32(chunk.count), chunk.map(hsize_t.init))
    }
    if shuffle { try location.check(.createDataset) { H5Pset_shuffle(list.id) } }
    if let deflate { try location.check(.createDataset) { H5Pset_deflate(list.id, UInt32(deflate)) } }
    // Last, so that it covers the bytes as they lie in the file.
    if fletcher32 { try location.check(.createDataset) { H5Pset_fletcher32(list.id) } }
    return list
  }
}
