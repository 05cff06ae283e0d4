import HDF5
import Images

/// The layout of image sets in artifacts.
///
///     /images       uint8 [count, height, width, channels]   channels red, green, blue; or grey
///     /labels       int64 [count]                            the given labels
///     /class_names  text  [classes]
///     /names        text  [count]                            where images are files: the path of each in
///                                                            the folder of the set
///     /places       int64 [count]                            where it is not a whole set: where each
///                                                            image stands in that
///     attribute origin of the root: where the images come from
enum ImageArtifact {
  static func write(_ images: ImageSet, to file: HDF5.File) throws {
    try file.root.setAttribute("origin", to: .string(images.origin))
    let shape = images.shape
    try file.root.write(
      images.pixels, shape: [images.count, shape.height, shape.width, shape.channels], to: "images",
      attributes: [
        "axes": "image, row, column, channel",
        "channels": shape.channels == 1 ? "grey" : "red, green, blue",
        "meaning": "pixel values from 0 (dark) to 255 (bright)",
      ])
    try file.root.write(
      images.labels, to: "labels",
      attributes: [
        "axes": "image", "meaning": "the given label: an index into /class_names",
      ])
    try file.root.write(
      images.classNames, to: "class_names", attributes: ["axes": "class", "meaning": "names of the classes"])
    if let names = images.names {
      try file.root.write(
        names, to: namesName, storage: .compressed(),
        attributes: ["axes": "image", "meaning": "path of the image's file in the folder of the set"])
    }
  }

  private static let namesName = "names"
  private static let placesName = "places"

  /// Writes where the images stand in the set that they were taken from.
  static func writePlaces(of images: ImageSet, to file: HDF5.File) throws {
    try file.root.write(
      images.places ?? Array(images.labels.indices), to: placesName, storage: .compressed(),
      attributes: ["axes": "image", "meaning": "its place in the whole set, counted from 0"])
  }

  /// - Returns: `nil` where the images are a whole set.
  /// - Throws: `ArtifactError` where there are more or fewer than images.
  static func readPlaces(_ file: HDF5.File, count: Int) throws -> [Int]? {
    guard try file.root.contains(placesName) else { return nil }
    let places: [Int] = try file.root.read(placesName)
    guard places.count == count else {
      throw ArtifactError.differentCounts(placesName, places.count, "images", count)
    }
    return places
  }

  /// Writes the paths of some images' files beside their indices, where images are files.
  static func writeNames(of suspects: [Int], in images: ImageSet, to file: HDF5.File) throws {
    guard let names = images.names else { return }
    try SuspectNames.write(suspects.map { names[$0] }, to: file)
  }

  static func read(_ file: HDF5.File) throws -> ImageSet {
    let pixels = try file.root.dataset("images")
    guard pixels.shape.count == 4, pixels.shape[1...].allSatisfy({ $0 > 0 }) else {
      throw ArtifactError.wrongShape("images", found: pixels.shape, in: file.path)
    }
    return try ImageSet(
      pixels: pixels.read(),
      shape: ImageShape(
        height: pixels.shape[1], width: pixels.shape[2], channels: pixels.shape[3]),
      labels: file.root.read("labels"), classNames: file.root.readStrings("class_names"),
      origin: file.root.attribute("origin"),
      names: file.root.contains(namesName) ? file.root.readStrings(namesName) : nil)
  }
}
