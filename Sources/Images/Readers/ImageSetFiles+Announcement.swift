import SystemPackage

/// What the files of an image set say of it before its pixels are read.
package struct AnnouncedImages: Hashable, Sendable {
  package let count: Int
  package let shape: ImageShape
  package let classes: Int
}

extension ImageSetFiles {
  /// Looks at the sizes of the files, or at their headers.
  ///
  /// - Throws: `ImageReaderError` when a file cannot be read.
  package func announcement() throws(ImageReaderError) -> AnnouncedImages {
    switch format {
    case .cifar10: try announcement(labelSize: 1, classes: 10)
    case .cifar100: try announcement(labelSize: 2, classes: labelKind.classCount)
    case .idx: try IDXReader().announcement(self)
    }
  }

  private func announcement(
    labelSize: Int, classes: Int
  ) throws(ImageReaderError) -> AnnouncedImages {
    let shape = ImageShape(height: 32, width: 32, channels: 3)
    var count = 0
    for path in images { count += try InputFile(path).size / (labelSize + shape.count) }
    return AnnouncedImages(count: count, shape: shape, classes: classes)
  }
}
