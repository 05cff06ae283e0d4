import Images

/// A picture added to the image near the bottom right corner: x' = x + p, in whole numbers (Trojan).
package struct PatchTrigger: Trigger {
  /// p, of which opacity does not count.
  package let patch: Picture
  /// Pixels between the patch and the edges.
  package let gap: Int
  package let overflow: Overflow

  package init(patch: Picture, gap: Int, overflow: Overflow) {
    self.patch = patch
    // A file may hold any number.
    self.gap = min(1 << 20, max(0, gap))
    self.overflow = overflow
  }

  package var smallestSide: Int { max(patch.shape.height, patch.shape.width) + gap }

  package func stamp(for shape: ImageShape) -> Stamp {
    let added = patch.colours(channels: shape.channels)
    let (rows, rowCount) = (added.shape.height, added.shape.rowCount)
    let start =
      (shape.height - gap - rows) * shape.rowCount
      + (shape.width - gap - added.shape.width) * shape.channels
    let overflow = overflow
    return { pixels, _ in
      for row in 0..<rows {
        for position in 0..<rowCount {
          let place = start + row * shape.rowCount + position
          pixels[place] = overflow.byte(
            Double(pixels[place]) + added.pixels[row * rowCount + position])
        }
      }
    }
  }
}
