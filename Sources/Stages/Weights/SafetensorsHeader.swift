import Foundation

/// What a safetensors file says of its tensors.
struct SafetensorsHeader: Hashable {
  struct Tensor: Hashable, Codable {
    let dtype: String
    let shape: [Int]
    /// The first byte, and the one behind the last, counted from the end of the header.
    let data_offsets: [Int]
  }

  /// By name.
  var tensors: [String: Tensor]
  /// Texts about the whole.
  var metadata: [String: String]

  /// Bytes of an element, for the types that there are.
  static let sizes: [String: Int] = [
    "BOOL": 1, "U8": 1, "I8": 1, "F8_E5M2": 1, "F8_E4M3": 1, "I16": 2, "U16": 2, "F16": 2, "BF16": 2, "I32": 4,
    "U32": 4, "F32": 4, "F64": 8, "I64": 8, "U64": 8,
  ]
}

extension SafetensorsHeader: Codable {
  private static let metadataName = "__metadata__"

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    var (tensors, metadata): ([String: Tensor], [String: String]) = ([:], [:])
    for key in container.allKeys {
      if key.stringValue == Self.metadataName {
        metadata = try container.decode([String: String].self, forKey: key)
      } else {
        tensors[key.stringValue] = try container.decode(Tensor.self, forKey: key)
      }
    }
    self.init(tensors: tensors, metadata: metadata)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    if !metadata.isEmpty { try container.encode(metadata, forKey: Key(stringValue: Self.metadataName)) }
    for (name, tensor) in tensors { try container.encode(tensor, forKey: Key(stringValue: name)) }
  }

  /// Checks that every tensor is as long as its shape says, and that all of them fill the data.
  ///
  /// - Parameter count: bytes behind the header.
  func problem(count: Int) -> SafetensorsError.Reason? {
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      guard let size = Self.sizes[tensor.dtype] else { return .unknownType(tensor.dtype, tensor: name) }
      guard tensor.data_offsets.count == 2, let start = tensor.data_offsets.first,
        let end = tensor.data_offsets.last, start >= 0, end >= start
      else { return .headerNotReadable("the places of '\(name)' are \(tensor.data_offsets)") }
      var bytes = size
      for length in tensor.shape {
        let (product, overflow) = bytes.multipliedReportingOverflow(by: length)
        guard length >= 0, !overflow else {
          return .wrongSize(tensor: name, shape: tensor.shape, type: tensor.dtype, bytes: end - start)
        }
        bytes = product
      }
      guard bytes == end - start else {
        return .wrongSize(tensor: name, shape: tensor.shape, type: tensor.dtype, bytes: end - start)
      }
      guard end <= count else { return .outsideOfFile(tensor: name) }
    }
    var place = 0
    for tensor in tensors.values.sorted(by: { $0.data_offsets.lexicographicallyPrecedes($1.data_offsets) }) {
      guard tensor.data_offsets[0] == place else { return .holes(at: place) }
      place = tensor.data_offsets[1]
    }
    return place == count ? nil : .holes(at: place)
  }
}
