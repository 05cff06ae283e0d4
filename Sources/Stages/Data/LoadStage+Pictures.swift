import HDF5
import Images
import Pipelines
import Reports

extension LoadStage {
  /// Reads the pictures of a list, and tells what was done to them and which were left out.
  static func pictures(_ list: ImageFileList, _ context: StageContext) throws -> ImageSet {
    var list = list
    if let number = context[classes] { list = try list.firstClasses(number) }
    if let words = context[only] {
      list = try list.ofClasses(ClassSelection(words).labels(among: list.classNames))
    }
    if let count = context[count] {
      list = try list.stratifiedSubset(count: count, seed: context[seed].map(UInt64.init))
    }
    let options = ImageReadingOptions(
      size: context[size].map { ImageSize(height: $0.height, width: $0.width) }, fit: context[fit],
      channels: context[channels].reading, isStrict: context[strict],
      memoryLimit: Int(min(MemoryGuard.available, 1e18)))
    let total = list.files.count
    let reading = try list.read(options, pool: context.pool) {
      try context.step($0, of: total, "images")
    }
    describe(reading, of: list, context)
    try write(reading.leftOut, to: context.output)
    return reading.images
  }

  private static func describe(_ reading: ImageReading, of list: ImageFileList, _ context: StageContext) {
    for (trait, count) in zip(ImageFileTraits.each, reading.traitCounts) where count > 0 {
      context.note("\(count) of the files \(words(for: trait))")
    }
    if list.otherCount > 0 {
      context.note("files with the endings of no images, which were not looked at: \(list.otherCount)")
    }
    if !reading.damaged.isEmpty {
      context.warn("files that are damaged but were read: \(reading.damaged.count): \(examples(reading.damaged))")
    }
    if !reading.leftOut.isEmpty {
      context.warn(
        "files that were left out: \(reading.leftOut.count) (/left_out lists them): \(examples(reading.leftOut))")
    }
  }

  private static func words(for trait: ImageFileTraits) -> String {
    switch trait {
    case .sixteenBits: "have 16 bits a channel, of which the upper 8 were taken"
    case .alpha: "have transparency, which was dropped"
    case .inks: "have the colours of inks (CMYK), which were converted to red, green and blue"
    case .turned: "were turned upright, as their Exif orientation says"
    default: ""
    }
  }

  private static func examples(_ notes: [ImageFileNote]) -> String {
    let shown = notes.prefix(3).map { "\($0)" }.joined(separator: "; ")
    return notes.count > 3 ? "\(shown); and \(notes.count - 3) more" : shown
  }

  private static func write(_ leftOut: [ImageFileNote], to file: HDF5.File) throws {
    guard !leftOut.isEmpty else { return }
    let group = try file.root.createGroup(
      "left_out", attributes: ["meaning": "files of the folder that are not among the images"])
    try group.write(
      leftOut.map(\.name), to: "names", storage: .compressed(),
      attributes: ["axes": "file", "meaning": "path in the folder"])
    try group.write(
      leftOut.map(\.text), to: "reasons", storage: .compressed(),
      attributes: ["axes": "file", "meaning": "why the file is not among the images"])
  }
}

extension LoadStage.ChannelChoice {
  var reading: ImageReadingOptions.Channels {
    switch self {
    case .asIs: .asTheyAre
    case .grey: .grey
    case .colour: .colour
    }
  }
}
