import Pipelines
import SystemPackage

/// A file that a command was asked to write.
enum OutputFile {
  static func write(_ text: String, to path: FilePath) throws(PipelineError) {
    try write(Array(text.utf8), to: path)
  }

  /// Writes a file in the place of one that may be there; what is no regular file stays what it is.
  static func write(_ bytes: [UInt8], to path: FilePath) throws(PipelineError) {
    let file: FileDescriptor
    do {
      file = try FileDescriptor.open(
        path, .writeOnly, options: [.create, .truncate],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
    } catch {
      throw .system(.create, path: path, error as? Errno ?? .ioError)
    }
    do {
      try file.closeAfter { _ = try file.writeAll(bytes) }
    } catch {
      throw .system(.write, path: path, error as? Errno ?? .ioError)
    }
  }
}
