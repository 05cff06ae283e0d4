import CHDF5
import SystemPackage

/// What went wrong with a file, and where in it.
package struct HDF5Error: Error, Hashable, Sendable {
  package enum Reason: Hashable, Sendable {
    /// The system refused: no such file, no permission, the disk is full.
    case system(Operation, Errno)
    /// The file exists and is not an HDF5 file.
    case notHDF5
    /// The file or the object was closed before.
    case closed
    /// The group holds no such object. `present` are the names that it holds.
    case missingObject(present: [String])
    case missingAttribute(String, present: [String])
    /// A group was asked for and a dataset is there, or the reverse.
    case wrongKind(expected: String)
    case alreadyExists
    /// A name that is empty, or contains `.`, `//` or a zero character.
    case invalidName(String)
    /// A negative or too large size, or more than 32 axes.
    case invalidShape([Int])
    /// A chunk that has other axes than the dataset, is empty, or takes 4 GiB or more.
    case invalidChunk([Int], shape: [Int])
    /// A level that is not in 0...9.
    case invalidCompression(Int)
    case countMismatch(expected: Int, found: Int)
    case typeMismatch(stored: ElementType, requested: ElementType)
    /// An attribute that holds another type of value than was asked for.
    case attributeMismatch(String, stored: String, requested: String)
    case rowsOutOfRange(Range<Int>, shape: [Int])
    /// More memory than the machine has.
    case tooLarge(shape: [Int], bytesPerElement: Int)
    /// Text with a zero character, which fixed-length strings cannot hold.
    case zeroInText
    /// Text that is not UTF-8.
    case invalidText
    /// The C library refused, as it does for damaged files. `stack` is what it says, innermost cause first.
    case library(Operation, stack: [String])
  }

  /// What was being done when the system or the C library refused.
  package enum Operation: Hashable, Sendable {
    case createFile, openFile, flush, close
    case createGroup, openObject, list, createDataset, describe
    case read, write, readAttribute, writeAttribute
  }

  package var reason: Reason
  package var file: FilePath
  /// The path inside the file, `/` for its root.
  package var object: String

  package init(_ reason: Reason, file: FilePath, object: String = "/") {
    self.reason = reason
    self.file = file
    self.object = object
  }
}

/// A place inside a file: gives errors their location.
struct Location {
  let file: FilePath
  let object: String
  /// The file once it is open.
  var disk: FileOnDisk?

  func error(_ reason: HDF5Error.Reason) -> HDF5Error {
    HDF5Error(reason, file: file, object: object)
  }

  /// Calls the C library and turns a negative result into an error, and what the system refused meanwhile.
  @discardableResult
  func check<Code: SignedInteger>(
    _ operation: HDF5Error.Operation, _ body: () -> Code
  ) throws(HDF5Error) -> Code {
    let code = quietly { body() }
    if let failure = disk?.takeFailure() { throw error(.system(operation, failure)) }
    guard code >= 0 else { throw error(.library(operation, stack: errorStack())) }
    return code
  }

  /// Makes an identifier that is released when it goes out of use.
  func temporary(
    _ operation: HDF5Error.Operation, release: @escaping (hid_t) -> herr_t, _ make: () -> hid_t
  ) throws(HDF5Error) -> TemporaryIdentifier {
    TemporaryIdentifier(try check(operation, make), release: release)
  }
}
