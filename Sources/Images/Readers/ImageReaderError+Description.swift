import SystemPackage

extension ImageReaderError: CustomStringConvertible {
  /// The place, what is wrong there, and a hint where there is one.
  package var description: String {
    let name = file.string.printable
    let place = offset.map { "\(name): byte \($0)" } ?? name
    return "\(place): \(message)" + (hint.map { "\n  hint: \($0)" } ?? "")
  }

  /// What is wrong, without the place.
  package var message: String {
    switch reason {
    case .folderMissing:
      "there is no such folder"
    case .notAFolder:
      "this is a file, not a folder"
    case .system(let errno):
      "\(errno)"
    case .notAFile:
      "this is not a regular file"
    case .filesMissing(let missing, let format, _):
      "\(missing.joined(separator: ", ")) of \(format.title) \(missing.count == 1 ? "is" : "are") missing"
    case .unknownLayout(let expected, _, _):
      "no images of a known format; looked for "
        + (expected + ["folders of images"]).joined(separator: ", ")
    case .noImages:
      "there are no images in it"
    case .truncated(let expected, let found, let what):
      "the file ends early: \(expected) bytes are needed for \(what), but there are \(found)"
    case .partialRecord(let size, let recordSize):
      "the size of \(size) bytes is not a multiple of \(recordSize), the size of an image with its label"
    case .labelOutOfRange(let label, let classCount):
      "the label is \(label), but there are \(classCount) classes (0 to \(classCount - 1))"
    case .wrongMagic(let found, let expected):
      "the file begins with \(hexadecimal(found)), not with \(hexadecimal(expected))"
    case .tooLarge(let count, let height, let width, let limit):
      "the header promises \(count) images of \(height)×\(width), more than the limit of \(limit) bytes"
    case .trailingBytes:
      "more bytes follow where the file should end"
    case .countMismatch(let labels, let images, let imageFile):
      "there are \(labels) labels, but \(images) images in \(imageFile.lastComponent?.string ?? "")"
    case .packedTooSmall(let size, let promised):
      "\(size) packed bytes cannot hold the \(promised) bytes that the header promises"
    case .corruptGzip(let detail):
      "the gzip data is damaged (\(detail))"
    case .partMissing(let split, let parts):
      parts.isEmpty
        ? "there is no \(split.title) in it: the folder has no folders for the parts of a set"
        : "there is no \(split.title) in it"
    case .noImageFiles(_, _, let leftOut, let example):
      example.map { "no image can be read: \(leftOut) files were left out, such as \($0)" }
        ?? "there are no PNG, JPEG or WebP files in folders of classes"
    case .tooManyFiles(let limit):
      "there are more than \(limit) files and folders in it"
    case .notReadable(let file, let problem):
      "\(file): \(problem)"
    case .differentSize(let height, let width, let expectedHeight, let expectedWidth, let first):
      "the image is \(height)×\(width), and \(first) is \(expectedHeight)×\(expectedWidth)"
    case .notEnoughMemory(let count, let height, let width, let channels, let limit):
      "\(count) images of \(height)×\(width)×\(channels) take \(count * height * width * channels) bytes, "
        + "more than the \(limit) that there are"
    case .badLine(let line, let problem):
      "line \(line): \(problem)"
    case .onlyFor(let parameter, let formats, let found):
      "'\(parameter)' is for \(formats), and these are files of \(found)"
    case .classNameCount(let count, let expected):
      "there are names for \(count) classes, where \(expected) are needed"
    }
  }

  /// What to look at or do next, where something can be said.
  package var hint: String? {
    switch reason {
    case .folderMissing(let siblings?):
      "\(parentName) has \(listing(siblings))"
    case .folderMissing(nil):
      "its parent folder does not exist either"
    case .notAFolder where ["h5", "hdf5"].contains(file.extension?.lowercased()):
      "an HDF5 file that you trust is read with 'format = hdf5' and 'trusted = yes', by an audit with --trust-hdf5"
    case .notAFolder:
      archiveHint([file.lastComponent?.string ?? ""]) ?? "give the folder that the file is in"
    case .filesMissing(_, _, let present):
      archiveHint(present) ?? "the folder has \(listing(present))"
    case .unknownLayout(_, let present, let inside):
      inside.map { "images are in \(file.appending($0))" }
        ?? archiveHint(present) ?? "the folder has \(listing(present))"
    case .truncated, .partialRecord, .packedTooSmall, .corruptGzip, .trailingBytes:
      "the file is damaged or was not fetched completely; fetch it again"
    case .labelOutOfRange:
      "the file is damaged, or of another format"
    case .wrongMagic:
      "an IDX file of images begins with 0x00000803, one of labels with 0x00000801"
    case .countMismatch:
      "the two files are not of the same set"
    case .partMissing(_, let parts):
      parts.isEmpty
        ? "'split = train' takes the whole folder; parts are folders train, val and test in it"
        : "the folder has \(listing(parts))"
    case .noImageFiles(let classes, let others, _, nil):
      classes.isEmpty
        ? "images lie in a folder for each class: cat/1.jpg, dog/2.png"
        : "it has the folders \(listing(classes)), and \(others) files with other endings in them"
    case .differentSize:
      "'size = 64x64' brings all images to one size; 'winnow audit' takes received.size=64x64"
    case .notEnoughMemory:
      "make them smaller with 'size', or take fewer with 'count'"
    case .notReadable:
      "without 'strict = yes', such files are left out and listed"
    case .badLine:
      "a line has a file and its label, such as 'cat/1.jpg,cat'"
    case .noImageFiles, .tooManyFiles, .onlyFor, .noImages, .system, .notAFile, .tooLarge, .classNameCount:
      nil
    }
  }

  private var parentName: String {
    let parent = file.removingLastComponent()
    return parent.isEmpty ? "the current folder" : parent.string
  }

  private func archiveHint(_ names: [String]) -> String? {
    if names.contains("data_batch_1") || names.contains("batches.meta") {
      return "these are the files for Python; the \"binary version\" of CIFAR is needed"
    }
    let endings = [".tar.gz", ".tgz", ".tar", ".zip"]
    return names.first { name in endings.contains { name.hasSuffix($0) } }.map { "unpack \($0) first" }
  }

  private func listing(_ names: [String]) -> String {
    if names.isEmpty { return "nothing in it" }
    let shown = names.prefix(8).map(\.printable).joined(separator: ", ")
    return names.count > 8 ? "\(shown) and \(names.count - 8) more" : shown
  }

  private func hexadecimal(_ word: UInt32) -> String {
    let digits = String(word, radix: 16, uppercase: true)
    return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
  }
}
