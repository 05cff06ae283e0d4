/// The values of a grey image, as whole numbers from 0 to 255.
///
/// Agrees bit for bit with torchvision on grey Pillow images: they have no saturation and no hue to change.
struct GreyPlane {
  let values: UnsafeMutablePointer<Float>
  let count: Int

  func apply(_ change: ContrastiveView.ColourChange) {
    switch change {
    case .brightness(let factor):
      ColourPlanes.blend(values, count: count, with: 0, factor)
    case .contrast(let factor):
      ColourPlanes.blend(
        values, count: count, with: ColourPlanes.mean(values, count: count), factor)
    case .saturation, .hue:
      break
    }
  }
}
