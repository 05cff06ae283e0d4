import HDF5
import Images
import Pipelines
import SystemPackage

/// An image set in an HDF5 file of one's own: `images` uint8 `[count, height, width, channels]`, or
/// `[count, height, width]` of grey ones; `labels` integers `[count]`; `class_names` text, if there. They lie in
/// a group named for the part of the set (`/train/images`), or, of a training set, in the root.
///
/// The HDF5 library crashes on some hostile files, or worse: only files that one trusts are for it.
enum HDF5Images {
  /// More classes than this are taken for numbers of another kind.
  private static let mostClasses = 1 << 16

  /// - Throws: `HDF5ImagesError`, `HDF5Error` where the library reads no such file.
  static func read(_ path: FilePath, split: ImageSetSplit) throws -> ImageSet {
    let root = try HDF5.File.open(at: path).root
    let named = try root.groupIfPresent(split.rawValue)
    guard let group = named ?? (split == .train ? root : nil), try group.contains("images") else {
      throw HDF5ImagesError(path: path, reason: .noImages(split))
    }
    let images = try group.dataset("images")
    let shape = images.shape
    guard images.elementType == .uint8, shape.count == 3 || shape.count == 4, shape[1...].allSatisfy({ $0 > 0 })
    else { throw HDF5ImagesError(path: path, reason: .otherImages(shape, images.elementType)) }
    let channels = shape.count == 4 ? shape[3] : 1
    guard channels == 1 || channels == 3 else {
      throw HDF5ImagesError(path: path, reason: .channels(shape))
    }
    let labels = try group.contains("labels") ? group.read("labels", as: Int.self) : []
    guard labels.count == shape[0] else {
      throw HDF5ImagesError(path: path, reason: .differentCounts(images: shape[0], labels: labels.count))
    }
    let names = try names(group, root, largest: labels.max() ?? -1, path)
    if let index = labels.firstIndex(where: { !names.indices.contains($0) }) {
      throw HDF5ImagesError(path: path, reason: .label(labels[index], image: index, classes: names.count))
    }
    return try ImageSet(
      pixels: images.read(), shape: ImageShape(height: shape[1], width: shape[2], channels: channels),
      labels: labels, classNames: names, origin: "HDF5 file, \(split.title)")
  }

  /// Those in the file, or numbers.
  private static func names(
    _ group: HDF5.Group, _ root: HDF5.Group, largest label: Int, _ path: FilePath
  ) throws -> [String] {
    for place in [group, root] where try place.contains("class_names") {
      return try place.readStrings("class_names")
    }
    guard label < mostClasses else {
      throw HDF5ImagesError(path: path, reason: .tooManyClasses(label, limit: mostClasses))
    }
    return (0..<max(0, label + 1)).map(String.init)
  }
}

/// An HDF5 file that does not hold an image set as `HDF5Images` reads it.
struct HDF5ImagesError: Error, Hashable, CustomStringConvertible, ErrorWithExitStatus {
  enum Reason: Hashable {
    case noImages(ImageSetSplit)
    case otherImages([Int], ElementType)
    case channels([Int])
    case differentCounts(images: Int, labels: Int)
    case label(Int, image: Int, classes: Int)
    case tooManyClasses(Int, limit: Int)
  }

  let path: FilePath
  let reason: Reason

  var description: String { "'\(path)': \(text)" }

  private var text: String {
    switch reason {
    case .noImages(let split):
      "there is no dataset '\(split.rawValue)/images'" + (split == .train ? ", nor 'images' in the root" : "")
    case .otherImages(let shape, let type):
      """
      the dataset 'images' is of type \(type) and shape \(shape); 'uint8' and [count, height, width, channels], or \
      [count, height, width] of grey images, are read
      """
    case .channels(let shape):
      """
      the dataset 'images' has the shape \(shape): the last axis is the channel, of which there are 1 or 3\
      \(shape[1] == 3 || shape[1] == 1 ? "; here the second one looks like it" : "")
      """
    case .differentCounts(let images, let labels):
      "there are \(images) images and \(labels) labels; each image has one in the dataset 'labels'"
    case .label(let label, let image, let classes):
      "image \(image) has the label \(label), and there are \(classes) classes, counted from 0"
    case .tooManyClasses(let label, let limit): "the labels reach \(label), and more than \(limit) classes are not read"
    }
  }

  var exitStatus: ExitStatus { .data }
}
