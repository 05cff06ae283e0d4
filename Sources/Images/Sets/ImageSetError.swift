/// Why a set of images cannot be made.
package enum ImageSetError: Error, Hashable, Sendable {
  /// As many pixel values as given do not make a whole image per label.
  case wrongPixelCount(Int, expected: Int)
  /// Where images have names, each has one.
  case wrongNameCount(Int, expected: Int)
  /// The label of image `index` is none of the classes.
  case labelOutOfRange(Int, index: Int, classCount: Int)
  /// A subset of none of the images, or of more than there are.
  case subsetCount(Int, available: Int)
  /// More classes than there are were asked for.
  case classCount(Int, available: Int)
  /// Images were to be padded to less than their size.
  case smallerThanImages(height: Int, width: Int, shape: ImageShape)
  /// Neither grey nor colour images.
  case channels(Int)
}

extension ImageSetError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .wrongPixelCount(let count, let expected):
      "\(count) pixel values, where the labels and the shape of an image ask for \(expected)"
    case .wrongNameCount(let count, let expected):
      "\(count) names for \(expected) images"
    case .labelOutOfRange(let label, let index, let classCount):
      "image \(index) has label \(label), but there are \(classCount) classes (0 to \(classCount - 1))"
    case .subsetCount(let count, let available):
      count < 1
        ? "a subset needs at least one image, not \(count)"
        : "a subset of \(count) images of a set that has \(available)"
    case .classCount(let count, let available):
      "\(count) classes of a set that has \(available)"
    case .smallerThanImages(let height, let width, let shape):
      "images of \(shape.height)×\(shape.width) cannot be padded to \(height)×\(width): that is smaller"
    case .channels(let channels):
      "images with \(channels) channels; 1 (grey) or 3 (red, green, blue) are expected"
    }
  }
}
