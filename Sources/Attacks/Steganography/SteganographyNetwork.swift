import Compute
import Images
import Networks

/// The three networks of steganography, one behind the other: message → map, map and image → residual, image
/// with residual → message.
package final class SteganographyNetwork {
  package let shape: SteganographyShape
  /// Images of the largest batch.
  package let capacity: Int
  let message: Network
  let encoder: Network
  let decoder: Network
  /// The images as they are, and with the message, from 0 to 1, `[capacity, side, side, channels]`.
  let images: FloatBuffer
  let encoded: FloatBuffer

  package init(_ shape: SteganographyShape, capacity: Int, context: ExecutionContext) {
    self.shape = shape
    self.capacity = capacity
    message = Network(SteganographyPlans.message(shape), capacity: capacity, context: context)
    encoder = Network(SteganographyPlans.encoder(shape), capacity: capacity, context: context)
    decoder = Network(SteganographyPlans.decoder(shape), capacity: capacity, context: context)
    images = FloatBuffer(count: capacity * shape.image.count)
    encoded = FloatBuffer(count: capacity * shape.image.count)
  }

  /// All parameters; no two have the same name.
  package var parameters: [NetworkParameter] {
    message.parameters + encoder.parameters + decoder.parameters
  }

  package func initialize(seed: UInt64) {
    message.initialize(seed: seed, purpose: RandomPurpose("steganography message"))
    encoder.initialize(seed: seed, purpose: RandomPurpose("steganography encoder"))
    decoder.initialize(seed: seed, purpose: RandomPurpose("steganography decoder"))
  }

  /// Fills `images` with pixels.
  func load(_ indices: [Int], of set: ImageSet) {
    let count = shape.image.count
    for (row, index) in indices.enumerated() {
      for (position, value) in set.pixels[set.pixelRange(of: index)].enumerated() {
        images.pointer[row * count + position] = Float(value) / 255
      }
    }
  }

  /// Computes `encoded` and its residual from `images` and messages of 0 and 1, `[rows, bits]`.
  ///
  /// - Parameter isByte: whether pixels are cut to whole grey levels, as in files.
  func encode(rows: Int, messages: [UInt8], isByte: Bool) {
    for (position, bit) in messages.enumerated() {
      message.input.pointer[position] = Float(bit) - 0.5
    }
    message.forward(images: rows, mode: .training)
    let maps = UnsafePointer(message.output(SteganographyPlans.map).values.pointer)
    Self.fill(
      encoder, shape, rows: rows, map: { maps + $0 * SteganographyShape.mapCount },
      pixel: { self.images.pointer[$0] })
    encoder.forward(images: rows, mode: .training)
    let residual = encoder.output(SteganographyPlans.residual).values.pointer
    for position in 0..<rows * shape.image.count {
      let value = images.pointer[position] + residual[position]
      encoded.pointer[position] =
        isByte
        ? Float(Overflow.saturate.byte(Double(255 * value))) / 255 : min(1, max(0, value))
    }
  }

  /// Reads the messages from `encoded`: `decoder`'s logits.
  func decode(rows: Int) {
    for position in 0..<rows * shape.image.count {
      decoder.input.pointer[position] = encoded.pointer[position] - 0.5
    }
    decoder.forward(images: rows, mode: .training)
  }

  /// How many of the bits that `decode` read are those of the messages, `[rows, bits]`.
  func rightBits(rows: Int, messages: [UInt8]) -> Int {
    let logits = decoder.output(.logits).values.pointer
    return messages.indices.count { (logits[$0] > 0) == (messages[$0] == 1) }
  }

  /// Fills an encoder's input: the maps, enlarged, and the images.
  static func fill(
    _ encoder: Network, _ shape: SteganographyShape, rows: Int,
    map: (_ row: Int) -> UnsafePointer<Float>, pixel: (_ position: Int) -> Float
  ) {
    let (side, channels, maps) = (shape.side, shape.channels, SteganographyShape.mapChannels)
    var target = encoder.input.pointer
    var position = 0
    for row in 0..<rows {
      let map = map(row)
      for y in 0..<side {
        for x in 0..<side {
          let cell = cell(x: x, y: y, side: side) * maps
          for channel in 0..<maps { target[channel] = map[cell + channel] }
          for channel in 0..<channels { target[maps + channel] = pixel(position + channel) - 0.5 }
          target += maps + channels
          position += channels
        }
      }
    }
  }

  /// The cell of the map that a pixel lies in.
  static func cell(x: Int, y: Int, side: Int) -> Int {
    let cells = SteganographyShape.mapSide
    return y * cells / side * cells + x * cells / side
  }

  /// The encoder with one message in it.
  package func hiding(_ message: [UInt8]) -> HidingEncoder {
    for (position, bit) in message.enumerated() {
      self.message.input.pointer[position] = Float(bit) - 0.5
    }
    self.message.forward(images: 1, mode: .training)
    let map = UnsafeBufferPointer(
      start: self.message.output(SteganographyPlans.map).values.pointer,
      count: SteganographyShape.mapCount)
    return HidingEncoder(shape: shape, map: Array(map), encoder: encoder)
  }
}
