import Compute
import Foundation
import Images
import Networks

/// An encoder that hides one message in images, as the attack `ssba` is stored: the message's map and the
/// encoder's weights, each number four bytes, the least first, in base 64.
package struct HidingEncoder: Hashable, Sendable {
  package let shape: SteganographyShape
  /// The map of the message, `[16, 16, 3]`.
  private let map: Data
  /// All weights of the encoder, in the order of its parameters, each in PyTorch's.
  private let weights: Data

  init(shape: SteganographyShape, map: [Float], encoder: Network) {
    self.shape = shape
    self.map = Self.data(map)
    weights = Self.data(encoder.parameters.flatMap { $0.exported($0.values) })
  }

  /// The encoder's network with its weights, for inference.
  func network(capacity: Int, context: ExecutionContext) -> Network {
    let network = Network(
      SteganographyPlans.encoder(shape), capacity: capacity, context: context, for: .inference,
      keeping: [SteganographyPlans.residual])
    let numbers = Self.numbers(weights)
    var start = 0
    for parameter in network.parameters {
      parameter.load(Array(numbers[start..<start + parameter.count]), into: parameter.values)
      start += parameter.count
    }
    return network
  }

  /// The map of the message, `[16, 16, 3]`.
  var messageMap: [Float] { Self.numbers(map) }

  private static func data(_ numbers: [Float]) -> Data {
    Data(numbers.flatMap { number in withUnsafeBytes(of: number.bitPattern.littleEndian, Array.init) })
  }

  private static func numbers(_ data: Data) -> [Float] {
    let bytes = Array(data)
    return stride(from: 0, to: bytes.count, by: 4).map { start in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << (8 * UInt32($1)) })
    }
  }
}

extension HidingEncoder: Codable {
  private enum Key: CodingKey {
    case side, channels, bits, map, weights
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(shape.side, forKey: .side)
    try container.encode(shape.channels, forKey: .channels)
    try container.encode(shape.bits, forKey: .bits)
    try container.encode(map, forKey: .map)
    try container.encode(weights, forKey: .weights)
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let side = try container.decode(Int.self, forKey: .side)
    let channels = try container.decode(Int.self, forKey: .channels)
    let bits = try container.decode(Int.self, forKey: .bits)
    // What is read may be anything.
    guard (1...1024).contains(side), [1, 3].contains(channels), bits > 0 else {
      throw DecodingError.dataCorruptedError(
        forKey: .side, in: container, debugDescription: "an image of 1 or 3 channels")
    }
    shape = try SteganographyShape(
      ImageShape(height: side, width: side, channels: channels), bits: bits)
    map = try container.decode(Data.self, forKey: .map)
    weights = try container.decode(Data.self, forKey: .weights)
    guard map.count == 4 * SteganographyShape.mapCount,
      weights.count == 4 * SteganographyPlans.encoder(shape).parameterCount
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .weights, in: container, debugDescription: "as many weights as the encoder has")
    }
  }
}
