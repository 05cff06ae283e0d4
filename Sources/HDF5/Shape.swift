import CHDF5

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension Location {
  /// The number of elements of a shape, 1 for a scalar's `[]`.
  ///
  /// Throws: `.invalidShape` for more than 32 axes, negative sizes, and numbers that overflow.
  func elementCount(_ shape: [Int], bytesPerElement: Int = 1) throws(HDF5Error) -> Int {
    guard shape.count <= Int(H5S_MAX_RANK), shape.allSatisfy({ $0 >= 0 }) else {
      throw error(.invalidShape(shape))
    }
    if shape.contains(0) { return 0 }
    var count = 1
    var bytes = bytesPerElement
    for size in shape {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: size)
      guard !overflow else { throw error(.invalidShape(shape)) }
      bytes = product
      count *= size
    }
    return count
  }

  /// The number of elements of a shape, once it is sure that they fit into memory.
  ///
  /// A damaged file can claim any shape, and Swift's allocations do not fail in a way that can be caught.
  func allocatableCount(_ shape: [Int], bytesPerElement: Int) throws(HDF5Error) -> Int {
    let tooLarge = error(.tooLarge(shape: shape, bytesPerElement: bytesPerElement))
    guard let count = try? elementCount(shape, bytesPerElement: bytesPerElement) else { throw tooLarge }
    let bytes = count * bytesPerElement
    guard bytes / Int(getpagesize()) < sysconf(Int32(_SC_PHYS_PAGES)) else { throw tooLarge }
    if bytes > 1 << 24 {
      guard let probe = malloc(bytes) else { throw tooLarge }
      free(probe)
    }
    return count
  }

  /// A data space of the given shape.
  func space(
    _ shape: [Int], _ operation: HDF5Error.Operation
  ) throws(HDF5Error) -> TemporaryIdentifier {
    let sizes = shape.map(hsize_t.init)
    return try temporary(operation, release: H5Sclose) {
      shape.isEmpty ? H5Screate(H5S_SCALAR) : H5Screate_simple(Int32(sizes.count), sizes, nil)
    }
  }

  /// The shape of a data space: `[]` for a scalar, `[0]` for one that is declared to be empty.
  func shape(of space: hid_t, _ operation: HDF5Error.Operation) throws(HDF5Error) -> [Int] {
    switch quietly({ H5Sget_simple_extent_type(space) }) {
    case H5S_SCALAR: return []
    case H5S_NULL: return [0]
    default: break
    }
    let rank = try check(operation) { H5Sget_simple_extent_ndims(space) }
    var sizes = [hsize_t](repeating: 0, count: Int(rank))
    try check(operation) { H5Sget_simple_extent_dims(space, &sizes, nil) }
    let shape = sizes.compactMap(Int.init(exactly:))
    guard shape.count == sizes.count else { throw error(.invalidShape(sizes.map(Int.init(clamping:)))) }
    return shape
  }
}
