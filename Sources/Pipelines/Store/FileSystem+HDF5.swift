import HDF5
import SystemPackage

/// HDF5 files that are written. Their system calls, too, a test can make fail.
extension FileSystem {
  /// Creates an HDF5 file.
  ///
  /// - Throws: `PipelineError` or `HDF5Error` when the system refuses.
  func createHDF5(at path: FilePath) throws -> HDF5.File {
    try watch(.create, path) { try HDF5.File.create(at: path) }
  }

  /// Opens an HDF5 file to add to it.
  ///
  /// - Throws: `PipelineError` or `HDF5Error` when the system refuses.
  func openHDF5ForAppending(at path: FilePath) throws -> HDF5.File {
    try watch(.open, path) { try HDF5.File.openForAppending(at: path) }
  }

  private func watch(
    _ operation: Operation, _ path: FilePath, _ open: () throws -> HDF5.File
  ) throws -> HDF5.File {
    guard let intercept else { return try open() }
    if let failure = intercept(operation, path) {
      throw PipelineError.system(operation, path: path, failure)
    }
    let file = try open()
    file.interceptWrites { intercept(.write, path) }
    return file
  }
}
