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

  /// Files with these endings are images; what they are is seen by their content.
  static let endings: Set<String> = ["png", "jpg", "jpeg", "jpe", "webp"]

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
  /// It is taken to have them when all its folders are of these names, or when `train` and another one are
  /// there. A folder without parts is its own training set.
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
    var files: [(name: String, path: FilePath, label: Int)] = []
    var otherCount = 0
    for (place, className) in found {
      guard let label = labels[className] else { continue }
      for component in place.files {
        guard isImage(component) else {
          otherCount += 1
          continue
        }
        files.append(
          (
            prefix + place.name + "/" + component.string, FolderWalk.path(of: component, in: place, root: root),
            label
          ))
      }
    }
    // What lies beside the classes belongs to none.
    for place in walk.folders where place.name.isEmpty {
      for component in place.files where isImage(component) {
        leftOut.append(ImageFileNote(prefix + component.string, .noClass))
      }
    }
    guard !files.isEmpty else {
      throw ImageReaderError(
        root,
        .noImageFiles(
          classes: classNames, others: otherCount, leftOut: leftOut.count,
          example: leftOut.first.map { "\($0)" }))
    }
    // Members of a class stand together, whatever the order of their folders' paths.
    let order = files.indices.sorted { (files[$0].label, $0) < (files[$1].label, $1) }
    return ImageFileList(
      folder: folder, origin: part == nil ? "folder of images" : "folder of images, \(split.title)", classNames: classNames,
      files: order.enumerated().map { place, index in
        let file = files[index]
        return ImageFile(name: file.name, path: file.path, label: file.label, place: place)
      }, leftOut: leftOut, otherCount: otherCount)
  }

  /// The name of the folder of a part; `nil` for a set without parts.
  private static func partName(
    _ split: ImageSetSplit, in folder: FilePath, names: [String]
  ) throws(ImageReaderError) -> String? {
    let folders = names.filter { isFolder(folder.appending($0)) }
    let parts = ImageSetSplit.allCases.flatMap { folderNames(of: $0) }
    let present = folders.filter(parts.contains)
    let hasParts =
      !present.isEmpty && (present.count == folders.count || (present.contains("train") && present.count > 1))
    guard hasParts else {
      if split == .train { return nil }
      throw ImageReaderError(folder, .partMissing(split, parts: []))
    }
    guard let name = folderNames(of: split).first(where: present.contains) else {
      throw ImageReaderError(folder, .partMissing(split, parts: present))
    }
    return name
  }

  private static func isFolder(_ path: FilePath) -> Bool {
    (try? Stat(path))?.type == .directory
  }
}
