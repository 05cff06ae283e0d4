import HDF5
import SystemPackage
import TestSupport
import Testing

@Suite(.nothingStaysOpen) struct DatasetTests {
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

  @Test(arguments: storages)
  func datasetsWithoutRowsComeBack(storage: Storage) throws {
    let file = try scratch.file { root in
      try root.write([Float](), shape: [0, 2], to: "none", storage: storage)
    }
    let dataset = try file.root.dataset("none")
    #expect(dataset.shape == [0, 2])
    #expect(try dataset.read(as: Float.self) == [])
    #expect(try dataset.readRows(0..<0, as: Float.self) == [])
  }

  @Test func scalarsComeBack() throws {
    let file = try scratch.file { root in
      try root.write(7, to: "epoch")
      try root.write(Float(0.1), to: "rate", attributes: ["unit": "1"])
      try root.write([3 as UInt8], shape: [], to: "chunked", storage: .chunked([1]))
    }
    #expect(try file.root.dataset("epoch").shape == [])
    #expect(try file.root.readScalar("epoch") == 7)
    #expect(try file.root.readScalar("rate", as: Float.self) == 0.1)
    #expect(try file.root.readScalar("chunked", as: UInt8.self) == 3)
  }

  @Test func aListIsNoScalar() throws {
    let file = try scratch.file { try $0.write([1, 2], to: "list") }
    let error = try thrown { try file.root.readScalar("list", as: Int.self) }
    #expect(error.reason == .countMismatch(expected: 1, found: 2))
    #expect(error.object == "/list")
  }

  @Test func integersReadAsWiderOnesOnly() throws {
    let file = try scratch.file { root in
      try root.write([-1, 127] as [Int8], to: "int8")
      try root.write([0, 65535] as [UInt16], to: "uint16")
      try root.write([1, 2] as [Int64], to: "int64")
    }
    let root = try file.root
    #expect(try root.read("int8", as: Int.self) == [-1, 127])
    #expect(try root.read("int8", as: Int16.self) == [-1, 127])
    #expect(try root.read("uint16", as: Int32.self) == [0, 65535])
    #expect(try root.read("uint16", as: UInt64.self) == [0, 65535])
    let narrow = try thrown { try root.read("int64", as: Int32.self) }
    #expect(narrow.reason == .typeMismatch(stored: .int64, requested: .int32))
    let negative = try thrown { try root.read("int8", as: UInt64.self) }
    #expect(negative.reason == .typeMismatch(stored: .int8, requested: .uint64))
    let sign = try thrown { try root.read("uint16", as: Int16.self) }
    #expect(sign.reason == .typeMismatch(stored: .uint16, requested: .int16))
    let fraction = try thrown { try root.read("int8", as: Float.self) }
    #expect(fraction.reason == .typeMismatch(stored: .int8, requested: .float32))
    #expect(fraction.description.contains("int8 and cannot be read as float32"))
  }

  @Test func floatingPointReadsAsEitherPrecision() throws {
    let file = try scratch.file { root in
      try root.write([0.1, 0.5], to: "doubles")
      try root.write([0.1, 0.5] as [Float], to: "floats")
    }
    #expect(try file.root.read("doubles", as: Float.self) == [0.1, 0.5])
    #expect(try file.root.read("floats", as: Double.self) == [Double(Float(0.1)), 0.5])
    let error = try thrown { try file.root.read("floats", as: Int.self) }
    #expect(error.reason == .typeMismatch(stored: .float32, requested: .int64))
    #expect(try thrown { try file.root.readStrings("floats") }.reason
      == .typeMismatch(stored: .float32, requested: .string))
  }

  @Test func writingChecksTypeAndCount() throws {
    let file = try File.create(at: scratch.path())
    let dataset = try file.root.createDataset("a", of: Int16.self, shape: [2])
    try dataset.write([1, 2] as [Int8])
    #expect(try dataset.read(as: Int16.self) == [1, 2])
    #expect(try thrown { try dataset.write([1, 2] as [Int32]) }.reason
      == .typeMismatch(stored: .int16, requested: .int32))
    #expect(try thrown { try dataset.write([1] as [Int16]) }.reason
      == .countMismatch(expected: 2, found: 1))
    #expect(try thrown { try file.root.write([1, 2, 3], shape: [2, 2], to: "b") }.reason
      == .countMismatch(expected: 4, found: 3))
    #expect(try !file.root.contains("b"))
  }

  @Test func unwrittenElementsAreZero() throws {
    let file = try scratch.file { root in
      _ = try root.createDataset("contiguous", of: Float.self, shape: [3])
      _ = try root.createDataset("chunked", of: Int32.self, shape: [3, 5], storage: .compressed())
    }
    #expect(try file.root.read("contiguous") == [0, 0, 0] as [Float])
    #expect(try file.root.read("chunked") == [Int32](repeating: 0, count: 15))
  }

  @Test func impossibleShapesAndStoragesAreRefused() throws {
    let root = try File.create(at: scratch.path()).root
    func reason(_ shape: [Int], _ storage: Storage = .contiguous) throws -> HDF5Error.Reason {
      try thrown { try root.createDataset("a", of: Float.self, shape: shape, storage: storage) }.reason
    }
    #expect(try reason([-1]) == .invalidShape([-1]))
    #expect(try reason([1 << 40, 1 << 40]) == .invalidShape([1 << 40, 1 << 40]))
    #expect(try reason([1 << 61]) == .invalidShape([1 << 61]))
    let axes = [Int](repeating: 1, count: 33)
    #expect(try reason(axes) == .invalidShape(axes))
    #expect(try reason([4, 4], .chunked([2])) == .invalidChunk([2], shape: [4, 4]))
    #expect(try reason([4, 4], .chunked([2, 0])) == .invalidChunk([2, 0], shape: [4, 4]))
    #expect(try reason([4], .compressed(rowsPerChunk: -1)) == .invalidChunk([-1], shape: [4]))
    #expect(try reason([1 << 31], .chunked([1 << 30])) == .invalidChunk([1 << 30], shape: [1 << 31]))
    #expect(try reason([4], .compressed(level: 10)) == .invalidCompression(10))
    #expect(try root.names.isEmpty)
  }

  @Test func aShapeBeyondMemoryIsAnErrorOfReading() throws {
    let file = try scratch.file { root in
      _ = try root.createDataset("huge", of: Double.self, shape: [1 << 30, 1 << 20], storage: .compressed())
    }
    let dataset = try file.root.dataset("huge")
    #expect(try thrown { try dataset.read(as: Double.self) }.reason
      == .tooLarge(shape: [1 << 30, 1 << 20], bytesPerElement: 8))
    #expect(try thrown { try dataset.readRows(0..<(1 << 30), as: Double.self) }.reason
      == .tooLarge(shape: [1 << 30, 1 << 20], bytesPerElement: 8))
  }

  @Test func compressionCompresses() throws {
    for storage in [Storage.contiguous, .compressed()] {
      try scratch.file("\(storage.hashValue).h5") { root in
        try root.write([Float](repeating: 1, count: 100_000), to: "ones", storage: storage)
      }.close()
    }
    #expect(try bytes(of: scratch.path("\(Storage.contiguous.hashValue).h5")).count > 400_000)
    #expect(try bytes(of: scratch.path("\(Storage.compressed().hashValue).h5")).count < 20_000)
  }
}
