import SystemPackage

/// The files that hold one part of an image set, found in a folder.
///
///     let files = try ImageSetFiles.locate(in: "data/cifar-10-batches-bin", split: .train)
///     files.all       // what a stage that reads the set depends on
///     let images = try files.read()
package struct ImageSetFiles: Hashable, Sendable {
  package let folder: FilePath
  package let format: ImageSetFormat
  package let split: ImageSetSplit

  /// Which of the labels of CIFAR-100 are taken.
  package let labelKind: CIFARLabels

  /// The files with images, in the order of the set; those of CIFAR have the labels as well.
  package let images: [FilePath]

  /// The file with the labels, where it is one of its own.
  package let labels: FilePath?

  /// The file with the names of the classes, where there is one.
  package let classNames: FilePath?

  /// Every file that is read.
  package var all: [FilePath] { images + [labels, classNames].compactMap { $0 } }

  /// Finds the files of `split` in `folder`.
  ///
  /// - Parameter format: The format to look for; `nil` takes the first that the folder has.
  /// - Throws: `ImageReaderError` when the folder or a file is missing.
  package static func locate(
    in folder: FilePath, split: ImageSetSplit, format: ImageSetFormat? = nil,
    labels: CIFARLabels = .fine
  ) throws(ImageReaderError) -> ImageSetFiles {
    let present = try FolderListing.names(in: folder)
    let formats = format.map { [$0] } ?? ImageSetFormat.allCases
    var incomplete: ImageReaderError?
    for format in formats {
      let found = format.fileNames(of: split).map { row in row.first(where: present.contains) }
      if found.isEmpty {
        guard format.isPresent(among: present) else { continue }
        throw ImageReaderError(folder, .partMissing(split, parts: ["a training set", "a test set"]))
      }
      if let names = found as? [String] {
        return ImageSetFiles(folder, format, split, names, labelKind: labels, present: present)
      }
      let missing = zip(format.fileNames(of: split), found).filter { $1 == nil }.map { $0.0[0] }
      let isPartlyThere = format.isPresent(among: present)
      if incomplete == nil, formats.count == 1 || isPartlyThere {
        incomplete = ImageReaderError(
          folder, .filesMissing(missing, format: format, present: present))
      }
    }
    if let incomplete { throw incomplete }
    throw ImageReaderError(
      folder,
      .unknownLayout(
        expected: formats.compactMap { $0.fileNames(of: split).first?.first }, present: present,
        inside: present.prefix(1000).first { name in
          guard let names = try? FolderListing.names(in: folder.appending(name)) else { return false }
          return formats.contains { $0.isPresent(among: names) }
        }))
  }

  private init(
    _ folder: FilePath, _ format: ImageSetFormat, _ split: ImageSetSplit, _ names: [String],
    labelKind: CIFARLabels, present: [String]
  ) {
    self.folder = folder
    self.format = format
    self.split = split
    self.labelKind = labelKind
    let paths = names.map { folder.appending($0) }
    images = format == .idx ? [paths[0]] : paths
    labels = format == .idx ? paths[1] : nil
    classNames = format.classNameFile(labelKind).flatMap {
      present.contains($0) ? folder.appending($0) : nil
    }
  }

  /// Makes sure that coarse labels are not asked for where there are none.
  ///
  /// - Throws: `ImageReaderError`.
  package func require(labels: CIFARLabels) throws(ImageReaderError) {
    guard labels == .fine || format == .cifar100 else {
      throw ImageReaderError(
        folder,
        .onlyFor(
          parameter: "labels = \(labels.rawValue)", formats: ImageSetFormat.cifar100.title,
          found: format.title))
    }
  }

  /// Reads the images.
  ///
  /// The classes get their names from `classNames`, or else from the file that the format has for
  /// them. IDX files carry no names: the ten of Fashion-MNIST are taken when the labels are its
  /// labels. Otherwise the numbers are the names.
  ///
  /// - Throws: `ImageReaderError` when a file is damaged or does not fit the others.
  package func read(classNames: [String]? = nil) throws(ImageReaderError) -> ImageSet {
    switch format {
    case .cifar10:
      try CIFARReader(labelSize: 1, labelPlace: 0, classCount: 10).read(self, classNames: classNames)
    case .cifar100:
      try CIFARReader(labelSize: 2, labelPlace: labelKind.place, classCount: labelKind.classCount)
        .read(self, classNames: classNames)
    case .idx: try IDXReader().read(self, classNames: classNames)
    }
  }
}

extension ImageSetFormat {
  /// Whether any file of this format, of either split, is among `names`.
  func isPresent(among names: [String]) -> Bool {
    ImageSetSplit.allCases.contains { split in
      fileNames(of: split).joined().contains { names.contains($0) }
    }
  }
}
