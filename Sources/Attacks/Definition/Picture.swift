import Foundation
import Images

/// A picture that an attack puts on images: grey, colour, or colour with opacity.
///
/// It is stored with the attack, so that test images can be triggered without its file. In JSON the pixels
/// are text in base 64:
///
///     {"channels":3,"height":1,"pixels":"/wAA","width":1}
package struct Picture: Hashable, Sendable {
  /// `[height, width, channels]`; channels 1 (grey), 3 (red, green, blue) or 4 (opacity as well).
  package let image: Image<UInt8>

  /// The most pixels that a picture may have: it is stored with every set that it poisons.
  package static let largest = 1 << 22

  /// - Throws: `AttackError.pictureNotTaken` for other numbers of channels, or more pixels than `largest`.
  package init(_ image: Image<UInt8>) throws(AttackError) {
    let shape = image.shape
    guard [1, 3, 4].contains(shape.channels), shape.height * shape.width <= Self.largest else {
      throw .pictureNotTaken(shape)
    }
    self.image = image
  }

  package var shape: ImageShape { image.shape }

  /// The picture for images of so many channels, on the scale from 0 to 255 and without opacity,
  /// `[height, width, channels]`: grey from colours is their luma (ITU-R BT.601) in whole numbers, as usual
  /// when colour images are read as grey ones.
  func colours(channels: Int) -> Image<Double> {
    let from = shape.channels
    var pixels: [Double] = []
    pixels.reserveCapacity(shape.height * shape.width * channels)
    for pixel in stride(from: 0, to: image.pixels.count, by: from) {
      let values = (0..<min(3, from)).map { Int(image.pixels[pixel + $0]) }
      if channels == 1 && values.count == 3 {
        let luma = (19_595 * values[0] + 38_470 * values[1] + 7_471 * values[2] + 0x8000) >> 16
        pixels.append(Double(luma))
      } else {
        for channel in 0..<channels { pixels.append(Double(values[min(channel, values.count - 1)])) }
      }
    }
    return Image(
      pixels: pixels, shape: ImageShape(height: shape.height, width: shape.width, channels: channels))
  }

  /// How much of the picture covers what it is put on, from 0 to 1, `[height, width, 1]`.
  var opacity: Image<Double> {
    let pixels = (0..<shape.height * shape.width).map {
      shape.channels == 4 ? Double(image.pixels[4 * $0 + 3]) / 255 : 1
    }
    return Image(
      pixels: pixels, shape: ImageShape(height: shape.height, width: shape.width, channels: 1))
  }
}

extension Picture: Codable {
  private enum Key: CodingKey {
    case height, width, channels, pixels
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(shape.height, forKey: .height)
    try container.encode(shape.width, forKey: .width)
    try container.encode(shape.channels, forKey: .channels)
    try container.encode(Data(image.pixels), forKey: .pixels)
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let sides = try [Key.height, .width, .channels].map { try container.decode(Int.self, forKey: $0) }
    let pixels = try container.decode(Data.self, forKey: .pixels)
    // What is read may be anything: neither a shape of nothing, nor a product that does not fit.
    guard sides.allSatisfy({ (1...Self.largest).contains($0) }), sides[0] * sides[1] <= Self.largest,
      pixels.count == sides[0] * sides[1] * sides[2]
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .pixels, in: container, debugDescription: "as many pixels as the shape says")
    }
    try self.init(
      Image(
        pixels: Array(pixels), shape: ImageShape(height: sides[0], width: sides[1], channels: sides[2])))
  }
}
