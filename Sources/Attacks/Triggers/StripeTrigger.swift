import Images

/// Four dark and four bright vertical stripes, blended into the image with a share of one fifth
/// (Blend-Strip, also called Blend-Signal).
///
/// The published mask is 32 columns wide; other widths take the nearest of its columns, so that there
/// are four periods across any image.
package struct StripeTrigger: Trigger {
  /// The mask's value in each of its 32 columns, the same in every row and channel.
  package static let mask: [UInt8] = (0..<4).flatMap { block -> [UInt8] in
    let values = [
      2 * block, 14 + (14 * block + 5) / 10, 19 - block / 3, 13 - 2 * block,
      255 - 2 * block, 241 - block, 237 + block / 2, 244 + 2 * block,
    ]
    return values.map { UInt8($0) }
  }

  package init() {}

  /// 0.8 · `value` + 0.2 · `mask`, truncated.
  ///
  /// In integers, which for every pair of bytes gives what double precision gives.
  package static func blend(_ value: UInt8, _ mask: UInt8) -> UInt8 {
    UInt8((4 * Int(value) + Int(mask)) / 5)
  }

  package func stamp(for shape: ImageShape) -> Stamp {
    let columns = (0..<shape.width).map { Self.mask[(2 * $0 + 1) * 32 / (2 * shape.width)] }
    return { pixels, _ in
      var position = 0
      for _ in 0..<shape.height {
        for mask in columns {
          for _ in 0..<shape.channels {
            pixels[position] = Self.blend(pixels[position], mask)
            position += 1
          }
        }
      }
    }
  }
}
