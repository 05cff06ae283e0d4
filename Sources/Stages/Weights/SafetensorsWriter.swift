import Foundation

/// Tensors on their way into a safetensors file.
struct SafetensorsWriter {
  private struct Tensor {
    let name: String
    let type: String
    let shape: [Int]
    let bytes: [UInt8]
  }

  private var tensors: [Tensor] = []
  private let metadata: [String: String]

  init(metadata: [String: String]) { self.metadata = metadata }

  mutating func add(_ name: String, shape: [Int], _ values: [Float]) {
    precondition(shape.reduce(1, *) == values.count, "as many values as the shape says")
    tensors.append(Tensor(name: name, type: "F32", shape: shape, bytes: SafetensorsNumbers.bytes(values)))
  }

  /// A single integer.
  mutating func add(_ name: String, _ value: Int) {
    tensors.append(Tensor(name: name, type: "I64", shape: [], bytes: SafetensorsNumbers.bytes(value)))
  }

  /// The whole file; equal tensors give equal bytes, whatever order they came in.
  ///
  /// - Throws: `EncodingError`.
  func bytes() throws -> [UInt8] {
    // The larger elements first, so that every tensor begins at a multiple of its element's size.
    let sorted = tensors.sorted { a, b in a.type == b.type ? a.name < b.name : a.type == "I64" }
    var entries: [String: SafetensorsHeader.Tensor] = [:]
    var place = 0
    for tensor in sorted {
      entries[tensor.name] = SafetensorsHeader.Tensor(
        dtype: tensor.type, shape: tensor.shape, data_offsets: [place, place + tensor.bytes.count])
      place += tensor.bytes.count
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var header = [UInt8](try encoder.encode(SafetensorsHeader(tensors: entries, metadata: metadata)))
    // Spaces, for the numbers to begin at a multiple of eight.
    header += [UInt8](repeating: 0x20, count: (8 - header.count % 8) % 8)
    return SafetensorsNumbers.bytes(header.count) + header + sorted.flatMap(\.bytes)
  }
}
