/// Enlarges a part of an image to the size of the whole, bilinearly.
///
/// Agrees bit for bit with Pillow's `resize` of bytes: rows before columns, weights with 22 fractional
/// bits, and bytes in between.
struct Enlargement {
  private static let weightBits: Int32 = 22

  /// For a place in the result, the first of the two places of the source that it is a mean of, and
  /// their weights.
  private struct Taps {
    var first: Int32
    var second: Int32
    var firstWeight: Int32
    var secondWeight: Int32
  }

  /// Numbers of scratch memory that `apply` needs, of four bytes each.
  static func scratchCount(_ shape: ImageShape) -> Int {
    4 * (shape.width + shape.height) + shape.count
  }

  /// Writes the values, whole numbers from 0 to 255, to `planes`, `[channels, height, width]`.
  static func apply(
    _ view: ContrastiveView, to source: UnsafePointer<UInt8>, shape: ImageShape,
    scratch: UnsafeMutablePointer<Int32>, planes: UnsafeMutablePointer<Float>
  ) {
    let (crop, width, height, channels) = (view.crop, shape.width, shape.height, shape.channels)
    let raw = UnsafeMutableRawPointer(scratch)
    let columns = raw.bindMemory(to: Taps.self, capacity: width)
    let rows = (raw + 16 * width).bindMemory(to: Taps.self, capacity: height)
    // [crop height, channels, width]
    let lines = (raw + 16 * (width + height)).bindMemory(to: Int32.self, capacity: shape.count)
    fill(columns, from: crop.width, to: width)
    fill(rows, from: crop.height, to: height)
    let half = Int32(1) << (weightBits &- 1)

    for row in 0..<crop.height {
      let from = source + (crop.top + row) * shape.rowCount + crop.left * channels
      let line = lines + row * shape.rowCount
      for column in 0..<width {
        let taps = columns[column]
        let (first, second) = (from + Int(taps.first) &* channels, from + Int(taps.second) &* channels)
        let to = line + (view.isFlipped ? width &- 1 &- column : column)
        for channel in 0..<channels {
          let sum = Int32(first[channel]) &* taps.firstWeight
            &+ Int32(second[channel]) &* taps.secondWeight
          to[channel &* width] = (sum &+ half) &>> weightBits
        }
      }
    }
    for row in 0..<height {
      let taps = rows[row]
      let first = lines + Int(taps.first) * shape.rowCount
      let second = lines + Int(taps.second) * shape.rowCount
      for channel in 0..<channels {
        let to = planes + (channel * height + row) * width
        let (a, b) = (first + channel * width, second + channel * width)
        for column in 0..<width {
          let sum = a[column] &* taps.firstWeight &+ b[column] &* taps.secondWeight
          to[column] = Float((sum &+ half) &>> weightBits)
        }
      }
    }
  }

  private static func fill(_ taps: UnsafeMutablePointer<Taps>, from size: Int, to target: Int) {
    let scale = Double(size) / Double(target)
    let one = Double(1 << weightBits)
    for place in 0..<target {
      let centre = (Double(place) + 0.5) * scale
      let first = max(0, Int(centre - 0.5))
      let isSingle = first + 1 >= min(size, Int(centre + 1.5))
      // Distances from the centres of the two pixels.
      let near = 1 - abs(Double(first) + 0.5 - centre)
      let far = isSingle ? 0 : max(0, 1 - abs(Double(first) + 1.5 - centre))
      let sum = near + far
      taps[place] = Taps(
        first: Int32(first), second: Int32(isSingle ? first : first + 1),
        firstWeight: Int32(near / sum * one + 0.5), secondWeight: Int32(far / sum * one + 0.5))
    }
  }
}
