import HDF5
import SystemPackage
import Testing

@Suite struct DatasetTests {
  let scratch: Scratch

  init() throws {
    scratch = try Scratch()
  }

  private static let storages: [Storage] = [
    .contiguous, .chunked([2, 2]), .chunked([9, 9], deflate: 6, shuffle: true, fletcher32: true),
    .compressed(), .compressed(rowsPerChunk: 2, level: 9), .checked(rowsPerChunk: 1),
  ]

  private func roundTrip<Element: HDF5Scalar & Equatable>(
    _ values: [Element], _ storage: Storage, _ type: ElementType
  ) throws {
    let file = try scratch.file { root in
      try root.write(values, shape: [values.count / 2, 2], to: "values", storage: storage)
    }
    let dataset = try file.root.dataset("values")
    #expect(dataset.elementType == type)
    #expect(dataset.shape == [values.count / 2, 2])
    #expect(try dataset.count == values.count)
    #expect(try dataset.read(as: Element.self) == values)
    try file.close()
  }

  private func roundTrip<Element: HDF5Scalar & FixedWidthInteger>(
    _: Element.Type, _ storage: Storage, _ type: ElementType
  ) throws {
    try roundTrip([Element.min, .max, 0, 1, 77, Element.max / 3], storage, type)
  }

  @Test(arguments: storages)
  func everyTypeComesBack(storage: Storage) throws {
    try roundTrip(Int8.self, storage, .int8)
    try roundTrip(Int16.self, storage, .int16)
    try roundTrip(Int32.self, storage, .int32)
    try roundTrip(Int64.self, storage, .int64)
    try roundTrip(Int.self, storage, .int64)
    try roundTrip(UInt8.self, storage, .uint8)
    try roundTrip(UInt16.self, storage, .uint16)
    try roundTrip(UInt32.self, storage, .uint32)
    try roundTrip(UInt64.self, storage, .uint64)
    try roundTrip(
      [0, -0.1, .infinity, .leastNonzeroMagnitude, .pi, .greatestFiniteMagnitude] as [Float], storage,
      .float32)
    try roundTrip(
      [0, -0.1, .infinity, .leastNonzeroMagnitude, .pi, .greatestFiniteMagnitude] as [Double], storage,
      .float64)
  }

  @Test func theBitsOfNaNComeBack() throws {
    let values: [Float] = [Float(bitPattern: 0x7fc0_1234), -Float.nan, -0.0]
    let file = try scratch.file { try $0.write(values, to: "values") }
    #expect(try file.root.read("values", as: Float.self).map(\.bitPattern) == values.map(\.bitPattern))
  }
}
