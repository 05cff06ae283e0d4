import Foundation
import SystemPackage

/// Tensors by name in the format of Hugging Face's safetensors: a length, a header in JSON, and the numbers.
/// Reading one runs no code, unlike a pickle.
final class SafetensorsFile {
  let path: FilePath
  let header: SafetensorsHeader
  private let descriptor: FileDescriptor
  /// Where the numbers begin.
  private let start: Int

  /// Longer headers are refused, as by the reference implementation.
  static let longestHeader = 100_000_000

  /// Reads the header, and checks that the whole file is as it says.
  ///
  /// - Throws: `SafetensorsError`.
  init(at path: FilePath) throws(SafetensorsError) {
    self.path = path
    do {
      descriptor = try FileDescriptor.open(path, .readOnly)
    } catch {
      throw SafetensorsError(path: path, reason: .unreadable(error as? Errno ?? .ioError))
    }
    do {
      (header, start) = try Self.readHeader(descriptor)
    } catch {
      try? descriptor.close()
      throw SafetensorsError(path: path, reason: error)
    }
  }

  deinit { try? descriptor.close() }

  private static func readHeader(
    _ descriptor: FileDescriptor
  ) throws(SafetensorsError.Reason) -> (SafetensorsHeader, start: Int) {
    let size: Int
    do {
      size = Int(try descriptor.seek(offset: 0, from: .end))
    } catch {
      throw .unreadable(error as? Errno ?? .ioError)
    }
    let first = try read(descriptor, at: 0, count: min(8, size))
    // torch.save writes a ZIP archive of a pickle, or, long ago, the pickle.
    if first.starts(with: Array("PK\u{3}\u{4}".utf8)) || first.starts(with: [0x80, 2]) { throw .pickle }
    guard first.count == 8 else { throw .tooShort(bytes: size) }
    let length = first.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= longestHeader else { throw .headerTooLong(length: length, limit: longestHeader) }
    guard Int(length) <= size - 8 else { throw .headerBeyondFile(length: length, bytes: size) }
    let header: SafetensorsHeader
    do {
      let bytes = try read(descriptor, at: 8, count: Int(length))
      header = try JSONDecoder().decode(SafetensorsHeader.self, from: Data(bytes))
    } catch let error as SafetensorsError.Reason {
      throw error
    } catch {
      throw .headerNotReadable(text(of: error))
    }
    let start = 8 + Int(length)
    if let problem = header.problem(count: size - start) { throw problem }
    return (header, start)
  }

  private static func text(of error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    let context: DecodingError.Context
    switch error {
    case .dataCorrupted(let found), .keyNotFound(_, let found), .typeMismatch(_, let found),
      .valueNotFound(_, let found):
      context = found
    @unknown default: return "\(error)"
    }
    let place = context.codingPath.map(\.stringValue).joined(separator: ".")
    return place.isEmpty ? context.debugDescription : "\(place): \(context.debugDescription)"
  }

  private static func read(
    _ descriptor: FileDescriptor, at offset: Int, count: Int
  ) throws(SafetensorsError.Reason) -> [UInt8] {
    do {
      return try [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
        done = 0
        while done < count {
          let rest = UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[done...]))
          let read = try descriptor.read(fromAbsoluteOffset: Int64(offset + done), into: rest)
          // Somebody is shortening the file.
          if read == 0 { throw Errno.ioError }
          done += read
        }
      }
    } catch {
      throw .unreadable(error as? Errno ?? .ioError)
    }
  }

  /// The numbers of a tensor, the last axis varying fastest.
  ///
  /// - Throws: `SafetensorsError` for a tensor of integers.
  func values(of name: String) throws(SafetensorsError) -> [Float] {
    guard let tensor = header.tensors[name] else { throw SafetensorsError(path: path, reason: .missing([name])) }
    let (first, end) = (tensor.data_offsets[0], tensor.data_offsets[1])
    do throws(SafetensorsError.Reason) {
      let bytes = try Self.read(descriptor, at: start + first, count: end - first)
      guard let values = SafetensorsNumbers.floats(bytes, type: tensor.dtype) else {
        throw SafetensorsError.Reason.notNumbers(tensor: name, type: tensor.dtype)
      }
      return values
    } catch {
      throw SafetensorsError(path: path, reason: error)
    }
  }

  /// A single integer, or `nil` where the tensor is not one.
  func integer(_ name: String) throws(SafetensorsError) -> Int? {
    guard let tensor = header.tensors[name], tensor.dtype == "I64",
      tensor.data_offsets[1] - tensor.data_offsets[0] == 8
    else { return nil }
    do throws(SafetensorsError.Reason) {
      let bytes = try Self.read(descriptor, at: start + tensor.data_offsets[0], count: 8)
      return Int(truncatingIfNeeded: bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    } catch {
      throw SafetensorsError(path: path, reason: error)
    }
  }
}
