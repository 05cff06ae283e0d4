import SystemPackage

/// Why a set of images cannot be read: where, and what was found there.
package struct ImageReaderError: Error, Hashable, Sendable {
  /// The file, or the folder, that is at fault.
  package let file: FilePath

  /// The byte at fault, counted from 0; in a file packed with gzip, of the unpacked bytes.
  package let offset: Int?

  package let reason: Reason

  init(_ file: FilePath, at offset: Int? = nil, _ reason: Reason) {
    self.file = file
    self.offset = offset
    self.reason = reason
  }

  package enum Reason: Hashable, Sendable {
    /// There is no such folder; `siblings` is what its parent folder has, unless that is missing too.
    case folderMissing(siblings: [String]?)
    /// A file stands where a folder is expected.
    case notAFolder
    /// The system refuses; `code` is its error number.
    case system(Errno)
    /// A folder or a device stands where a file is expected.
    case notAFile
    /// Files of the format are there, but not all; `present` is what the folder has.
    case filesMissing([String], format: ImageSetFormat, present: [String])
    /// None of the known formats; `present` is what the folder has, `inside` a folder in it that has
    /// images.
    case unknownLayout(expected: [String], present: [String], inside: String?)
    /// No image in the file, or images without pixels.
    case noImages
    /// The file ends early.
    case truncated(expected: Int, found: Int, what: String)
    /// The size is not a multiple of a record.
    case partialRecord(size: Int, recordSize: Int)
    case labelOutOfRange(Int, classCount: Int)
    /// The first four bytes are not those of the format.
    case wrongMagic(UInt32, expected: UInt32)
    /// The header promises more than `limit` bytes.
    case tooLarge(count: Int, height: Int, width: Int, limit: Int)
    /// Bytes follow after the end.
    case trailingBytes
    /// As many labels in this file as `images` in `imageFile` are expected.
    case countMismatch(labels: Int, images: Int, imageFile: FilePath)
    /// So many packed bytes cannot unpack to as many as promised.
    case packedTooSmall(size: Int, promised: Int)
    /// The packed data is damaged; the detail is zlib's.
    case corruptGzip(detail: String)
    /// The set has no such part; `parts` are the names of those that it has.
    case partMissing(ImageSetSplit, parts: [String])
    /// No file that an image can be read from; `example` is one of those that were left out, and why.
    case noImageFiles(classes: [String], others: Int, leftOut: Int, example: String?)
    /// More files and folders than any set has.
    case tooManyFiles(limit: Int)
    /// A file of the folder that cannot be read as an image.
    case notReadable(file: String, problem: String)
    /// An image that is not of the size of the first one.
    case differentSize(height: Int, width: Int, expectedHeight: Int, expectedWidth: Int, first: String)
    /// The pixels would take more than `limit` bytes.
    case notEnoughMemory(count: Int, height: Int, width: Int, channels: Int, limit: Int)
    /// What a line, counted from 1, of a list of files says.
    case badLine(Int, String)
    /// The words are for sets of another format.
    case onlyFor(parameter: String, formats: String, found: String)
    /// As many names of classes as `expected` are needed.
    case classNameCount(Int, expected: Int)
  }
}
