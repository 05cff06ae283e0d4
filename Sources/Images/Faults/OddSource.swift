/// A source whose images can be told from all others, whatever they show: another camera, another film, another shop.
///
/// Part of one class from such a source is no poison, its labels are right. It is close to it: something in the
/// images foretells the class.
package enum OddSource: String, CaseIterable, Hashable, Sendable {
  /// No colour: the luminance of ITU-R BT.601. Images of one channel stay as they are.
  case grey
  /// Out of focus, by a Gaussian of a standard deviation of 1 pixel for 32 of the image's height.
  case blurred
  /// Black bars above and below, of an eighth of the height each, at least one row; the middle is not scaled.
  case letterboxed

  /// - Parameter image: `[height, width, channels]`.
  package func apply(to image: Image<UInt8>) -> Image<UInt8> {
    let shape = image.shape
    var result = image
    switch self {
    case .grey:
      guard shape.channels == 3 else { return image }
      for start in stride(from: 0, to: shape.count, by: 3) {
        let luminance = UInt8.brightness(
          red: image.pixels[start], green: image.pixels[start + 1], blue: image.pixels[start + 2])
        for channel in 0..<3 { result.pixels[start + channel] = luminance }
      }
    case .blurred:
      result = GaussianBlur(sigma: Double(shape.height) / 32)(image)
    case .letterboxed:
      let bar = min(shape.height, max(1, shape.height / 8)) * shape.width * shape.channels
      for place in 0..<bar {
        result.pixels[place] = 0
        result.pixels[shape.count - 1 - place] = 0
      }
    }
    return result
  }
}
