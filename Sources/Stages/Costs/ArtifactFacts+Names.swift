import HDF5
import Networks
import Pipelines
import SystemPackage

/// What stages tell each other of artifacts before these are there.
extension ArtifactFacts {
  /// How many images a set has.
  var images: Double? {
    get { numbers["images"] }
    set { numbers["images"] = newValue }
  }

  var classes: Int? {
    get { numbers["classes"].map { Int($0) } }
    set { numbers["classes"] = newValue.map(Double.init) }
  }

  /// The shape of an image.
  var shape: MapShape? {
    get {
      guard let height = numbers["height"], let width = numbers["width"], let channels = numbers["channels"]
      else { return nil }
      return MapShape(height: Int(height), width: Int(width), channels: Int(channels))
    }
    set {
      numbers["height"] = newValue.map { Double($0.height) }
      numbers["width"] = newValue.map { Double($0.width) }
      numbers["channels"] = newValue.map { Double($0.channels) }
    }
  }

  /// Numbers of all images together.
  var values: Double? {
    guard let images, let shape else { return nil }
    return images * Double(shape.count)
  }

  /// How many images a split names clean.
  var clean: Double? {
    get { numbers["clean"] }
    set { numbers["clean"] = newValue }
  }

  /// How many it names poisoned.
  var poisoned: Double? {
    get { numbers["poisoned"] }
    set { numbers["poisoned"] = newValue }
  }

  /// Which network a model is.
  var model: ModelDescription? {
    get {
      guard let name = words["architecture"], let architecture = Architectures.named(name),
        let width = numbers["network-width"], let stem = words["stem"].flatMap(Stem.init(rawValue:)),
        architecture.stems.contains(stem), let classes, let shape
      else { return nil }
      return ModelDescription(
        architecture: architecture, width: Int(width), stem: stem, classes: classes, image: shape)
    }
    set {
      words["architecture"] = newValue?.architecture.name
      words["stem"] = newValue?.stem.rawValue
      numbers["network-width"] = newValue.map { Double($0.width) }
      guard let newValue else { return }
      classes = newValue.classes
      shape = newValue.image
    }
  }
}

extension ArtifactFacts {
  /// What an artifact says of itself; nothing where it cannot be read.
  init(ofArtifactAt path: FilePath) {
    self.init()
    guard let file = try? HDF5.File.open(at: path), let root = try? file.root else { return }
    if let pixels = try? root.dataset("images"), pixels.shape.count == 4 {
      images = Double(pixels.shape[0])
      shape = MapShape(height: pixels.shape[1], width: pixels.shape[2], channels: pixels.shape[3])
      classes = (try? root.dataset("class_names"))?.shape.first
    }
    if let name = try? root.attribute("architecture", as: String.self) {
      // Of an encoder, what it has besides the architecture follows.
      let suffix = String(name.drop { $0 != " " })
      if let stored = try? StoredModel(file, suffix: suffix) { model = stored.description }
    }
    if let flags = try? root.read("flags", as: UInt8.self) {
      images = Double(flags.count)
      clean = Double(flags.count { $0 == 0 })
      poisoned = Double(flags.count { $0 == 2 })
    }
  }
}
