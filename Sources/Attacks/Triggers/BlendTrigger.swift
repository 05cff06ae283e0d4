import Images

/// A picture over the whole image: x' = ⌊(1 − share) · x + share · m⌋, m stretched to the image's size
/// (Chen et al. 2017).
///
/// The picture is sampled bilinearly without a filter against aliasing, as OpenCV resizes, and is not rounded
/// before it is blended.
package struct BlendTrigger: Trigger {
  package let picture: Picture
  package let share: Double

  package init(picture: Picture, share: Double = 0.2) {
    self.picture = picture
    self.share = share
  }

  package func stamp(for shape: ImageShape) -> Stamp {
    let mask = Bilinear.resize(
      picture.colours(channels: shape.channels), height: shape.height, width: shape.width,
      isAntialiased: false
    ).pixels.map { share * $0 }
    let kept = (0...255).map { (1 - share) * Double($0) }
    return { pixels, _ in
      for position in pixels.indices {
        pixels[position] = Overflow.saturate.byte(kept[Int(pixels[position])] + mask[position])
      }
    }
  }
}
