/// Images of one shape with their labels.
///
/// The pixels are one array that never changes after it was made, so that handing a set around, or
/// taking another set of labels for the same pixels, shares it (150 MB for CIFAR-10) instead of
/// copying it.
package struct ImageSet: Sendable {
  /// The pixels, `[count, height, width, channels]`, channels in the order red, green, blue;
  /// or a single one, grey.
  package let pixels: [UInt8]

  /// The shape of each image.
  package let shape: ImageShape

  /// The class of each image, in `0..<classCount`.
  package let labels: [Int]

  /// The names of the classes; a class without a name of its own has its number for a name.
  package let classNames: [String]

  /// Where the images come from, for people to read, such as `CIFAR-10, training set`.
  package let origin: String

  /// The name of each image's file, where each has one of its own: its path in the folder of the set.
  package let names: [String]?

  /// Where each image stood in the set that these were taken from; `nil` where they are the whole set.
  package let places: [Int]?

  /// Puts a set together from its parts.
  ///
  /// - Parameter pixels: `[labels.count, height, width, channels]`.
  /// - Throws: `ImageSetError` when the parts do not fit together.
  package init(
    pixels: [UInt8], shape: ImageShape, labels: [Int], classNames: [String], origin: String,
    names: [String]? = nil
  ) throws(ImageSetError) {
    guard pixels.count == labels.count * shape.count else {
      throw .wrongPixelCount(pixels.count, expected: labels.count * shape.count)
    }
    if let index = labels.firstIndex(where: { !classNames.indices.contains($0) }) {
      throw .labelOutOfRange(labels[index], index: index, classCount: classNames.count)
    }
    if let names, names.count != labels.count {
      throw .wrongNameCount(names.count, expected: labels.count)
    }
    self.init(
      uncheckedPixels: pixels, shape: shape, labels: labels, classNames: classNames, origin: origin,
      names: names)
  }

  init(
    uncheckedPixels pixels: [UInt8], shape: ImageShape, labels: [Int], classNames: [String],
    origin: String, names: [String]? = nil, places: [Int]? = nil
  ) {
    self.pixels = pixels
    self.shape = shape
    self.labels = labels
    self.classNames = classNames
    self.origin = origin
    self.names = names
    self.places = places
  }

  package var count: Int { labels.count }

  package var classCount: Int { classNames.count }

  /// The number of images of each class, `[classCount]`.
  package var classSizes: [Int] {
    labels.reduce(into: [Int](repeating: 0, count: classCount)) { $0[$1] += 1 }
  }

  /// Where the values of image `index` lie in `pixels`.
  package func pixelRange(of index: Int) -> Range<Int> {
    precondition(labels.indices.contains(index), "no such image")
    return index * shape.count..<(index + 1) * shape.count
  }

  /// Image `index` as a value of its own (a copy).
  package subscript(index: Int) -> Image<UInt8> {
    Image(pixels: Array(pixels[pixelRange(of: index)]), shape: shape)
  }

  /// The same images with other labels and, if given, other pixels.
  ///
  /// - Throws: `ImageSetError` when the labels or the pixels do not fit.
  package func replacing(
    labels: [Int], pixels: [UInt8]? = nil
  ) throws(ImageSetError) -> ImageSet {
    let replaced = try ImageSet(
      pixels: pixels ?? self.pixels, shape: shape, labels: labels, classNames: classNames,
      origin: origin, names: names)
    return replaced.reshaped(replaced.pixels, shape, places: places)
  }

  /// The same without checks, for sister modules that cannot get it wrong.
  package func replacingUnchecked(labels: [Int], pixels: [UInt8]) -> ImageSet {
    reshaped(pixels, shape, labels: labels)
  }

  /// The same samples with pixels of another shape.
  func reshaped(
    _ pixels: [UInt8], _ shape: ImageShape, labels: [Int]? = nil, places: [Int]? = nil
  ) -> ImageSet {
    ImageSet(
      uncheckedPixels: pixels, shape: shape, labels: labels ?? self.labels, classNames: classNames,
      origin: origin, names: names, places: places ?? self.places)
  }
}
