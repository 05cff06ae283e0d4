import Images
import Pipelines
import Reports
import SystemPackage

/// Reads an image set: published files, or a folder of pictures.
///
/// Output: see `ImageArtifact`, and of a folder of pictures, where some are left out,
///
///     /left_out/names    text [files]   path in the folder
///     /left_out/reasons  text [files]   why it is not among the images
///
/// and where the images are not a whole set, since classes or a count are asked for or files cannot be read,
///
///     /places            int64 [count]  where each image stands in the whole set
enum LoadStage: Stage {
  static let path = Parameter<String>.path("path", "The folder that the files are in, or the HDF5 file.")
  static let split = Parameter<ImageSetSplit>.choice(
    "split", "Which part of the set. A folder of pictures without parts is a training set.")
  static let format = Parameter<FormatChoice>.choice(
    "format", default: .automatic, "The format of the files.")
  static let list = Parameter<String?>.optionalPath(
    "list", absent: "the folders' names are the classes",
    "With pictures: a text file that has one of them and its label on each line, such as `a/1.jpg,cat`.")
  static let labels = Parameter<CIFARLabels>.choice(
    "labels", default: .fine, "Which labels of CIFAR-100.")
  static let classes = Parameter<Int?>.optionalInteger(
    "classes", in: 1...100_000, absent: "all of them", unit: "classes",
    "Takes only the images of the first so many classes.")
  static let only = Parameter<[String]?>.optionalNames(
    "only-classes", absent: "all of them",
    "Takes only the images of these classes, named or by number from 0, which are numbered anew.")
  static let count = Parameter<Int?>.optionalInteger(
    "count", in: 1...100_000_000, absent: "all of them", unit: "images",
    "Takes only so many images: the same share of each class.")
  static let seed = Parameter<Int?>.optionalInteger(
    "seed", in: 0...Int(Int32.max), absent: "the first images of each class",
    "With `count`: chooses the images at random.")
  static let size = Parameter<PixelSize?>.optionalSize(
    "size", upTo: 4096, absent: "as they are; all must be equal",
    "Height and width that images are brought to.")
  static let fit = Parameter<ImageFit>.choice(
    "fit", default: .stretch, "With `size`: what becomes of other proportions.")
  static let channels = Parameter<ChannelChoice>.choice(
    "channels", default: .asIs, "How many channels the images get.")
  static let border = Parameter.integer(
    "border", in: 0...1000, default: 0, unit: "pixels",
    "Puts a black border around the images: 2 makes 32x32 of 28x28.")
  static let trusted = Parameter.flag(
    "trusted", default: false,
    "With `format = hdf5`: that you know where the file is from. A hostile HDF5 file can crash the library that reads it.")
  static let strict = Parameter.flag(
    "strict", default: false, "Whether a picture that cannot be read is an error; otherwise it is left out.")

  static let declaration = StageDeclaration(
    kind: "load", version: 3,
    summary: "Reads an image set: a folder of pictures, CIFAR-10, CIFAR-100, IDX (MNIST), or HDF5.",
    parameters: [
      path.declaration, split.declaration, format.declaration, list.declaration, labels.declaration,
      classes.declaration, only.declaration, count.declaration, seed.declaration, size.declaration, fit.declaration, channels.declaration,
      border.declaration, strict.declaration, trusted.declaration,
    ],
    output: .images)

  static func problems(with parameters: [String: ParameterValue]) -> [String] {
    let format = format.value(in: parameters)
    var problems: [String] = []
    if list.value(in: parameters) != nil, format != .folder, format != .automatic {
      problems.append("'list' is for folders of pictures, not for 'format = \(format.rawValue)'")
    }
    if labels.value(in: parameters) == .coarse, format != .cifar100, format != .automatic {
      problems.append("'labels = coarse' is for CIFAR-100, not for 'format = \(format.rawValue)'")
    }
    if classes.value(in: parameters) != nil, only.value(in: parameters) != nil {
      problems.append("'classes' and 'only-classes' both say which classes to take: give one of them")
    }
    let isTrusted = trusted.value(in: parameters)
    if format == .hdf5 && !isTrusted {
      problems.append(
        "'format = hdf5' needs 'trusted = yes': a hostile HDF5 file can crash the library that reads it, so say "
          + "that you know where it is from")
    } else if isTrusted && format != .hdf5 {
      problems.append("'trusted' is for 'format = hdf5'")
    }
    return problems
  }

  static func run(_ context: StageContext) throws {
    var images =
      switch try source(context) {
      case .pictures(let list): try pictures(list, context)
      case .set(let files): try published(files, context)
      case .file(let path): try adapted(HDF5Images.read(path, split: context[split]), context)
      }
    let border = context[border]
    images = try images.padded(
      toHeight: images.shape.height + 2 * border, width: images.shape.width + 2 * border)
    try ImageArtifact.write(images, to: context.output)
    if let places = images.places, context[only] != nil || places != Array(places.indices) {
      try ImageArtifact.writePlaces(of: images, to: context.output)
    }
    describe(images, context)
  }

  private enum Source {
    case set(ImageSetFiles)
    case pictures(ImageFileList)
    /// HDF5.
    case file(FilePath)
  }

  private static func source(_ context: StageContext) throws -> Source {
    let (folder, split, format) = (context.path(path), context[split], context[format])
    if let list = context[list] {
      return .pictures(try ImageFileList.table(context.path(list), in: folder))
    }
    if format == .hdf5 { return .file(folder) }
    if format == .folder { return .pictures(try ImageFileList.locate(in: folder, split: split)) }
    do throws(ImageReaderError) {
      return .set(
        try ImageSetFiles.locate(
          in: folder, split: split, format: format.format, labels: context[labels]))
    } catch let unknown {
      guard format == .automatic, case .unknownLayout = unknown.reason else { throw unknown }
      do throws(ImageReaderError) {
        return .pictures(try ImageFileList.locate(in: folder, split: split))
      } catch {
        // Nothing that looks like pictures either: the first message says more.
        if case .noImageFiles(_, _, leftOut: 0, _) = error.reason { throw unknown }
        throw error
      }
    }
  }

  private static func published(_ files: ImageSetFiles, _ context: StageContext) throws -> ImageSet {
    try files.require(labels: context[labels])
    return try adapted(files.read(), context)
  }

  /// With as many classes and images, of the channels and the size, that are asked for.
  private static func adapted(_ images: ImageSet, _ context: StageContext) throws -> ImageSet {
    var images = images
    if let number = context[classes] { images = try images.firstClasses(number) }
    if let words = context[only] {
      images = try images.ofClasses(ClassSelection(words).labels(among: images.classNames))
    }
    if let count = context[count] {
      images = try images.stratifiedSubset(count: count, seed: context[seed].map(UInt64.init))
    }
    switch context[channels] {
    case .asIs: break
    case .grey: images = try images.withOneChannel()
    case .colour: images = try images.withThreeChannels()
    }
    if let size = context[size] {
      images = images.resized(to: ImageSize(height: size.height, width: size.width), fit: context[fit])
    }
    return images
  }

  private static func describe(_ images: ImageSet, _ context: StageContext) {
    context.note(
      "\(images.count) images of \(images.shape) in \(images.classCount) classes: \(images.origin)")
    func names(where isMeant: (Int) -> Bool) -> String? {
      let names = zip(images.classNames, images.classSizes).filter { isMeant($1) }.map(\.0)
      return names.isEmpty ? nil : names.listed(more: "more classes")
    }
    if let empty = names(where: { $0 == 0 }) { context.warn("no image of: \(empty)") }
    if let single = names(where: { $0 == 1 }) { context.warn("only one image of: \(single)") }
    if images.classSizes.count(where: { $0 > 0 }) == 1 { context.warn("all images are of one class") }
  }

  enum FormatChoice: String, ParameterWord {
    case automatic = "auto"
    case cifar10
    case cifar100
    case idx
    case folder
    case hdf5

    var summary: String {
      switch self {
      case .automatic: "the one whose files are there"
      case .cifar10: "CIFAR-10's binary files: data_batch_1.bin …, test_batch.bin"
      case .cifar100: "CIFAR-100's binary files: train.bin, test.bin"
      case .idx: "the files of MNIST and its like: train-images-idx3-ubyte, also with .gz"
      case .folder: "PNG, JPEG and WebP files in a folder for each class, perhaps in train, val and test"
      case .hdf5: "a file with the datasets images (uint8) and labels; only with `trusted = yes`"
      }
    }

    var format: ImageSetFormat? { ImageSetFormat(rawValue: rawValue) }
  }
}

extension LoadStage {
  /// The words for the channels of images.
  enum ChannelChoice: String, ParameterWord {
    case asIs = "as-is"
    case grey
    case colour

    var summary: String {
      switch self {
      case .asIs: "those that the files have: one or three"
      case .grey: "one: the brightness of colours, 0.299 red + 0.587 green + 0.114 blue"
      case .colour: "three: grey images get three equal ones"
      }
    }
  }
}

extension ImageSetSplit: ParameterWord {
  package var summary: String { self == .validation ? "the \(title), of pictures" : "the \(title)" }
}

extension CIFARLabels: ParameterWord {
  package var summary: String { self == .fine ? "a hundred classes" : "twenty groups of five classes" }
}

extension ImageFit: ParameterWord {
  package var summary: String {
    switch self {
    case .stretch: "height and width each for itself"
    case .crop: "the largest part in the middle that has the right proportions"
    case .pad: "the whole in the middle, black around it"
    }
  }
}
