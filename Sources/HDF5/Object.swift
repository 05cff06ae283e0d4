import CHDF5
import SystemPackage

/// A group or a dataset: something in a file that has a path and attributes.
///
/// The object is released with its last reference, by ``close()``, or with the file.
package class Object {
  /// The file that the object lies in; it stays open for as long as the object is in use.
  package let file: File

  /// The path inside the file, as `/weights/conv1`.
  package let path: String

  private var id: hid_t?

  init(_ id: hid_t, file: File, path: String) {
    self.id = id
    self.file = file
    self.path = path
  }

  deinit {
    // A dataset's buffered data is written here, which may fail.
    do { try close() } catch { file.defer(error) }
  }

  /// Releases the object and writes its buffered data. Closing again does nothing.
  package func close() throws(HDF5Error) {
    guard let id else { return }
    self.id = nil
    // Closing the file has closed its objects.
    guard file.isOpen else { return }
    try location.check(.close) { H5Oclose(id) }
  }

  var location: Location { file.location(of: path) }

  func identifier() throws(HDF5Error) -> hid_t {
    guard let id, file.isOpen else { throw location.error(.closed) }
    return id
  }
}
