import SystemPackage

/// Image files with their classes, found in a folder or named by a list, before any of them is read.
///
///     let list = try ImageFileList.locate(in: "data/pictures", split: .train)
///     let reading = try list.read(.init(size: ImageSize(height: 64, width: 64)), pool: .shared)
package struct ImageFileList: Sendable {
  /// The folder that all files are in.
  package let folder: FilePath
  /// Where the images come from, for people.
  package let origin: String
  package let classNames: [String]
  /// In the order of the set.
  package let files: [ImageFile]
  /// What was found and cannot be an image of the set.
  package let leftOut: [ImageFileNote]
  /// How many files have an ending that no image format has.
  package let otherCount: Int

  /// Files with these endings are images, as for torchvision's `ImageFolder`; what they are is seen by their content,
  /// and of what cannot be read the place is left free.
  static let endings: Set<String> = ["jpg", "jpeg", "png", "ppm", "bmp", "pgm", "tif", "tiff", "webp"]

  static func isImage(_ name: FilePath.Component) -> Bool {
    name.extension.map { endings.contains($0.lowercased()) } ?? false
  }

  /// The files of the first `number` classes.
  ///
  /// - Throws: `ImageSetError.classCount` when there are not that many classes.
  package func firstClasses(_ number: Int) throws(ImageSetError) -> ImageFileList {
    guard (1...max(1, classNames.count)).contains(number) else {
      throw .classCount(number, available: classNames.count)
    }
    return ofClasses(Array(0..<number))
  }

  /// The files of some classes, which are numbered anew in the order given.
  ///
  /// - Parameter chosen: classes of the list, each once.
  package func ofClasses(_ chosen: [Int]) -> ImageFileList {
    let numbers = Dictionary(uniqueKeysWithValues: chosen.enumerated().map { ($1, $0) })
    return ImageFileList(
      folder: folder, origin: origin, classNames: chosen.map { classNames[$0] },
      files: files.compactMap { file in
        numbers[file.label].map { ImageFile(name: file.name, path: file.path, label: $0, place: file.place) }
      }, leftOut: leftOut, otherCount: otherCount)
  }

  /// `count` files with the classes in the same proportions as here, in the order they have here.
  ///
  /// - Throws: `ImageSetError.subsetCount` when there are not that many.
  package func stratifiedSubset(count: Int, seed: UInt64?) throws(ImageSetError) -> ImageFileList {
    guard count != files.count else { return self }
    let indices = try ImageSet.stratifiedIndices(
      labels: files.map(\.label), classCount: classNames.count, count: count, seed: seed)
    return ImageFileList(
      folder: folder, origin: origin, classNames: classNames, files: indices.map { files[$0] },
      leftOut: leftOut, otherCount: otherCount)
  }
}

// MARK: - Folders

extension ImageFileList {
  /// What the parts of a set are called.
  static func folderNames(of split: ImageSetSplit) -> [String] {
    switch split {
    case .train: ["train"]
    case .validation: ["val", "valid", "validation"]
    case .test: ["test"]
    }
  }

  /// Finds the images of a folder that has a folder for each class, with images in it or in folders below.
  ///
  /// The folder may have folders for the parts of the set: `train`, `val` (or `valid`, `validation`), `test`.
  /// It is taken to have them when all its folders are of these names, when `train` and another one are there, or when
  /// there is `train` with nothing but folders in it, and no folder beside it has images in it. A folder without parts
  /// is its own training set.
  ///
  /// Classes are in the order of their names, images in that of their folders and names, byte by byte, as in
  /// torchvision's `ImageFolder`.
  ///
  /// - Throws: `ImageReaderError` when the folder cannot be read, or has no such part or no images.
  package static func locate(
    in folder: FilePath, split: ImageSetSplit
  ) throws(ImageReaderError) -> ImageFileList {
    let names = try FolderListing.names(in: folder)
    let part = try partName(split, in: folder, names: names)
    let root = part.map { folder.appending($0) } ?? folder
    let walk = try FolderWalk(root)
    let prefix = part.map { $0 + "/" } ?? ""
    var leftOut = walk.leftOut.map { ImageFileNote(prefix + $0.name, $0.text) }
    var classNames: [String] = []
    var found: [(folder: FolderWalk.Folder, className: String)] = []
    for place in walk.folders where !place.name.isEmpty {
      let name = String(place.name.prefix { $0 != "/" })
      if !place.name.contains("/") { classNames.append(name) }
      found.append((place, name))
    }
    classNames.sort { $0.isBefore($1) }
    let labels = Dictionary(classNames.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var files: [Entry] = []
    var otherCount = 0
    for (place, className) in found {
      guard let label = labels[className] else { continue }
      for component in place.files {
        guard isImage(component) else {
          otherCount += 1
          continue
        }
        files.append(
          Entry(label: label, folder: place.name, name: component.string, path: place.path.appending(component)))
      }
    }
    // What cannot be looked at has a place as well.
    for note in walk.leftOut {
      let path = FilePath(note.name)
      guard let component = path.lastComponent, isImage(component), path.components.count > 1,
        let label = path.components.first.flatMap({ labels[$0.string] })
      else { continue }
      files.append(
        Entry(label: label, folder: path.removingLastComponent().string, name: component.string, path: nil))
    }
    // What lies beside the classes belongs to none.
    for place in walk.folders where place.name.isEmpty {
      for component in place.files where isImage(component) {
        leftOut.append(ImageFileNote(prefix + component.string, .noClass))
      }
    }
    guard files.contains(where: { $0.path != nil }) else {
      throw ImageReaderError(
        root,
        .noImageFiles(
          classes: classNames, others: otherCount, leftOut: leftOut.count,
          example: leftOut.first.map { "\($0)" }))
    }
    // Members of a class stand together, whatever the order of their folders' paths.
    files.sort()
    return ImageFileList(
      folder: folder, origin: part == nil ? "folder of images" : "folder of images, \(split.title)", classNames: classNames,
      files: files.enumerated().compactMap { place, file in
        file.path.map {
          ImageFile(name: prefix + file.folder + "/" + file.name, path: $0, label: file.label, place: place)
        }
      }, leftOut: leftOut, otherCount: otherCount)
  }

  /// A file with the ending of an image, in the order of the set.
  private struct Entry: Comparable {
    let label: Int
    /// Its folder's path, and its name, for the order and for people.
    let folder: String
    let name: String
    /// `nil` where it cannot be looked at.
    let path: FilePath?

    static func < (first: Entry, second: Entry) -> Bool {
      if first.label != second.label { return first.label < second.label }
      if first.folder != second.folder { return first.folder.isBefore(second.folder) }
      return first.name.isBefore(second.name)
    }
  }

  /// The name of the folder of a part; `nil` for a set without parts.
  private static func partName(
    _ split: ImageSetSplit, in folder: FilePath, names: [String]
  ) throws(ImageReaderError) -> String? {
    let folders = names.filter { isFolder(folder.appending($0)) }
    let parts = ImageSetSplit.allCases.flatMap { folderNames(of: $0) }
    let present = folders.filter(parts.contains)
    let others = folders.filter { !present.contains($0) }
    let hasParts =
      !present.isEmpty
      && (others.isEmpty
        || present.contains("train")
          && (present.count > 1
            || hasOnlyFolders(folder.appending("train")) && !others.contains { hasImages(folder.appending($0)) }))
    guard hasParts else {
      if split == .train { return nil }
      throw ImageReaderError(folder, .partMissing(split, parts: []))
    }
    guard let name = folderNames(of: split).first(where: present.contains) else {
      throw ImageReaderError(folder, .partMissing(split, parts: present))
    }
    return name
  }

  private static func hasOnlyFolders(_ folder: FilePath) -> Bool {
    let names = (try? FolderListing.names(in: folder)) ?? []
    return !hasImages(folder) && names.contains { isFolder(folder.appending($0)) }
  }

  /// In it, not in folders of it.
  private static func hasImages(_ folder: FilePath) -> Bool {
    ((try? FolderListing.names(in: folder)) ?? []).contains { FilePath.Component($0).map(isImage) ?? false }
  }

  /// Links to folders are none, here as everywhere in a set.
  private static func isFolder(_ path: FilePath) -> Bool {
    (try? Stat(path, followTargetSymlink: false))?.type == .directory
  }
}
