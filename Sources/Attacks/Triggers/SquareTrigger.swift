import Images

/// A white square in the bottom right corner; its side is a tenth of the image's shorter one, rounded down
/// (3 of 32 pixels, 22 of 224).
package struct SquareTrigger: Trigger {
  /// Pixels between the square and the edges.
  package let gap: Int

  package init(gap: Int = 1) { self.gap = gap }

  package var smallestSide: Int { 10 }

  package func stamp(for shape: ImageShape) -> Stamp {
    let side = min(shape.height, shape.width) / 10
    let bottom = shape.height - gap
    let right = shape.width - gap
    return { pixels, _ in
      for row in bottom - side..<bottom {
        let start = row * shape.rowCount
        for position in start + (right - side) * shape.channels..<start + right * shape.channels {
          pixels[position] = 255
        }
      }
    }
  }
}
