import HDF5
import TestSupport
import Testing

@Suite(.nothingStaysOpen) struct RowTests {
  let scratch: Scratch

  init() throws {
    scratch = try Scratch()
  }

  private static let storages: [Storage] = [
    .contiguous, .chunked([3, 2, 1], deflate: 1), .compressed(rowsPerChunk: 4), .checked(),
  ]

  @Test(arguments: storages)
  func rowsWrittenInPiecesMakeTheWhole(storage: Storage) throws {
    let values = (0..<10 * 2 * 3).map(Int32.init)
    let file = try scratch.file { root in
      let dataset = try root.createDataset("rows", of: Int32.self, shape: [10, 2, 3], storage: storage)
      for (first, count) in [(4, 5), (0, 3), (9, 1), (3, 1)] {
        try dataset.writeRows(at: first, from: Array(values[first * 6..<(first + count) * 6]))
      }
    }
    #expect(try file.root.read("rows") == values)
  }

  @Test(arguments: storages)
  func everyRangeOfRowsReads(storage: Storage) throws {
    let values = (0..<7 * 2 * 2).map(UInt16.init)
    let file = try scratch.file { root in
      try root.write(values, shape: [7, 2, 2], to: "rows", storage: storage)
    }
    let dataset = try file.root.dataset("rows")
    for first in 0...7 {
      for end in first...7 {
        let expected = values[first * 4..<end * 4].map(Int.init)
        #expect(try dataset.readRows(first..<end, as: Int.self) == expected)
      }
    }
  }

  @Test func rowsReadIntoMemory() throws {
    let file = try scratch.file { try $0.write([1, 2, 3, 4, 5, 6] as [Float], shape: [3, 2], to: "rows") }
    let dataset = try file.root.dataset("rows")
    try withUnsafeTemporaryAllocation(of: Float.self, capacity: 4) { buffer in
      try dataset.readRows(1..<3, into: buffer)
      #expect(Array(buffer) == [3, 4, 5, 6])
      let error = try thrown { try dataset.readRows(1..<2, into: buffer) }
      #expect(error.reason == .countMismatch(expected: 2, found: 4))
      let whole = try thrown { try dataset.read(into: buffer) }
      #expect(whole.reason == .countMismatch(expected: 6, found: 4))
    }
  }

  @Test func rowsOutsideAreRefused() throws {
    let file = try File.create(at: scratch.path())
    let dataset = try file.root.createDataset("rows", of: Int.self, shape: [3, 2])
    for rows in [0..<4, 3..<4, -1..<1, Int.max - 1..<Int.max, Int.min..<Int.max] {
      #expect(try thrown { try dataset.readRows(rows, as: Int.self) }.reason
        == .rowsOutOfRange(rows, shape: [3, 2]))
    }
    #expect(try thrown { try dataset.writeRows(at: 2, from: [1, 2, 3, 4]) }.reason
      == .rowsOutOfRange(2..<4, shape: [3, 2]))
    #expect(try thrown { try dataset.writeRows(at: -1, from: [1, 2]) }.reason
      == .rowsOutOfRange(-1..<0, shape: [3, 2]))
    #expect(try thrown { try dataset.writeRows(at: .max, from: [1, 2]) }.reason
      == .rowsOutOfRange(.max..<Int.max, shape: [3, 2]))
    #expect(try thrown { try dataset.writeRows(at: 0, from: [1, 2, 3]) }.reason
      == .countMismatch(expected: 2, found: 3))
    #expect(try dataset.read() == [0, 0, 0, 0, 0, 0])
  }

  @Test func scalarsHaveNoRows() throws {
    let file = try scratch.file { try $0.write(1.5, to: "scalar") }
    let dataset = try file.root.dataset("scalar")
    #expect(try thrown { try dataset.readRows(0..<1, as: Double.self) }.reason
      == .rowsOutOfRange(0..<1, shape: []))
    #expect(try thrown { try dataset.writeRows(at: 0, from: [1.0]) }.reason
      == .rowsOutOfRange(0..<1, shape: []))
  }
}
