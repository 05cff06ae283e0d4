import CHDF5
import SystemPackage

/// An HDF5 file.
///
///     let file = try File.create(at: "scores.h5")
///     try file.root.write([0.25, 0.5], shape: [2], to: "score", attributes: ["unit": "1"])
///     try file.close()
///
/// Files hold no time stamps, so the same calls write the same bytes. They use the format of HDF5 1.10,
/// whose structures carry checksums: a flipped bit in them is an error on opening or reading. (Elements
/// carry one only where ``Storage`` says so.)
///
/// Close a file that was written: buffered data is written then, and a failure in a file that is released
/// without ``close()`` cannot be reported.
///
/// No locks are taken on files: that is up to the caller.
///
/// Files and what is opened from them belong to one thread at a time. Objects keep their file open; closing
/// the file closes them all, and using them afterwards is an error.
package final class File {
  /// The path that the file was opened with.
  package let path: FilePath

  /// The C library's identifier, nil once the file is closed.
  private var id: hid_t?

  private let disk: FileOnDisk?

  /// A failure to write an object's buffered data, found when the object was released.
  private var deferred: HDF5Error?

  private init(_ id: hid_t, path: FilePath) {
    self.id = id
    self.path = path
    disk = FileOnDisk.of(id)
  }

  deinit {
    try? close()
  }
}

// MARK: - Opening

extension File {
  private enum Access {
    case create, read, append
  }

  /// Creates a file, or empties the one that is there.
  ///
  /// Throws: ``HDF5Error``: `.system` where the system refuses, `.library` where the file is already open.
  package static func create(at path: FilePath) throws(HDF5Error) -> File {
    try attempt(path, .create)
    let location = Location(file: path, object: "/")
    let creation = try location.temporary(.createFile, release: H5Pclose) {
      H5Pcreate(winnow_property_file_create())
    }
    try location.check(.createFile) { H5Pset_obj_track_times(creation.id, false) }
    let access = try accessProperties(.create, at: location)
    let id = try location.check(.createFile) {
      path.withPlatformString { H5Fcreate($0, winnow_access_truncate(), creation.id, access.id) }
    }
    return File(id, path: path)
  }

  /// Opens a file for reading.
  ///
  /// Throws: ``HDF5Error``: `.system` for a missing or unreadable file, `.notHDF5`, `.library` for a damaged
  /// one and for one that its writer has not closed.
  package static func open(at path: FilePath) throws(HDF5Error) -> File {
    try open(at: path, .read, flags: winnow_access_read_only())
  }

  /// Opens a file for reading and for adding objects and attributes to it.
  ///
  /// Throws: as ``open(at:)``.
  package static func openForAppending(at path: FilePath) throws(HDF5Error) -> File {
    try open(at: path, .append, flags: winnow_access_read_write())
  }

  private static func open(at path: FilePath, _ access: Access, flags: UInt32) throws(HDF5Error) -> File {
    try attempt(path, access)
    let location = Location(file: path, object: "/")
    // The library would make a file of an empty one.
    guard quietly({ path.withPlatformString { H5Fis_hdf5($0) } }) != 0 else { throw location.error(.notHDF5) }
    let properties = try accessProperties(access, at: location)
    let id = try location.check(.openFile) {
      path.withPlatformString { H5Fopen($0, flags, properties.id) }
    }
    return File(id, path: path)
  }

  /// Opens and closes the file without the C library, which does not report the system's error number.
  private static func attempt(_ path: FilePath, _ access: Access) throws(HDF5Error) {
    do {
      switch access {
      case .create:
        // Not emptied yet: it may be open, which the library notices.
        try FileDescriptor.open(path, .writeOnly, options: .create, permissions: .newFile).close()
      case .read, .append:
        let descriptor = try FileDescriptor.open(path, access == .read ? .readOnly : .readWrite)
        try descriptor.closeAfter {
          // Folders can be opened; this is what they cannot do.
          _ = try withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { try descriptor.read(into: $0) }
        }
      }
    } catch {
      let operation: HDF5Error.Operation = access == .create ? .createFile : .openFile
      throw HDF5Error(.system(operation, error as? Errno ?? .ioError), file: path)
    }
  }

  private static func accessProperties(
    _ access: Access, at location: Location
  ) throws(HDF5Error) -> TemporaryIdentifier {
    let operation: HDF5Error.Operation = access == .create ? .createFile : .openFile
    let list = try location.temporary(operation, release: H5Pclose) {
      H5Pcreate(winnow_property_file_access())
    }
    try location.check(operation) { H5Pset_fclose_degree(list.id, H5F_CLOSE_STRONG) }
    // Both bounds, so that a later library writes the same bytes.
    try location.check(operation) { H5Pset_libver_bounds(list.id, H5F_LIBVER_V110, H5F_LIBVER_V110) }
    try location.check(operation) { H5Pset_driver(list.id, driver, nil) }
    return list
  }
}

// MARK: - Use

extension File {
  /// The root group, which contains everything.
  package var root: Group {
    get throws(HDF5Error) {
      let id = try identifier()
      let handle = try location.check(.openObject) { H5Oopen(id, "/", winnow_property_default()) }
      return Group(handle, file: self, path: "/")
    }
  }

  /// Passes everything that was written to the system.
  package func flush() throws(HDF5Error) {
    let id = try identifier()
    if let deferred { throw deferred }
    try location.check(.flush) { H5Fflush(id, H5F_SCOPE_GLOBAL) }
  }

  /// Closes the file and every object in it. Closing again does nothing.
  ///
  /// Throws: ``HDF5Error`` where something could not be written: the file is then closed and incomplete.
  package func close() throws(HDF5Error) {
    guard let id else { return }
    self.id = nil
    let first = deferred
    do throws(HDF5Error) {
      try location.check(.close) { H5Fclose(id) }
    } catch {
      throw first ?? error
    }
    if let first { throw first }
  }

  var isOpen: Bool { id != nil }

  func identifier() throws(HDF5Error) -> hid_t {
    guard let id else { throw location.error(.closed) }
    return id
  }

  /// Keeps an error that cannot be thrown here, until the file is flushed or closed.
  func `defer`(_ error: HDF5Error) {
    if deferred == nil { deferred = error }
  }

  func location(of object: String) -> Location { Location(file: path, object: object, disk: disk) }

  private var location: Location { location(of: "/") }

  /// Asks before every write, change of length and close; an error is reported in place of the call: for
  /// tests of what happens then. Nothing is written after the first.
  package func interceptWrites(_ intercept: @escaping () -> Errno?) {
    disk?.intercept = intercept
  }
}
