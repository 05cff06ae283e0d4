import CHDF5
import SystemPackage

/// The number of files, groups, datasets and attributes that are open in this process.
package var openObjectCount: Int {
  Int(quietly { H5Fget_obj_count(winnow_every_file(), winnow_every_kind()) })
}

/// The number of objects that are open in the files below a folder.
///
/// - Parameter folder: A path that starts as the paths do that the files were opened with.
package func openObjectCount(in folder: FilePath) -> Int {
  quietly {
    let count = H5Fget_obj_count(winnow_every_file(), winnow_every_kind())
    guard count > 0 else { return 0 }
    var objects = [hid_t](repeating: -1, count: count)
    let found = H5Fget_obj_ids(winnow_every_file(), winnow_every_kind(), objects.count, &objects)
    return objects.prefix(max(0, found)).count { object in
      // An object that another thread has closed since has no name.
      guard let name = name(from: { H5Fget_name(object, $0, $1) }) else { return false }
      return FilePath(name).starts(with: folder)
    }
  }
}

/// Whether several threads may use the C library at the same time.
package let libraryIsThreadSafe: Bool = {
  var answer = false
  return quietly { H5is_library_threadsafe(&answer) } >= 0 && answer
}()

/// Disables the library's own clean-up at the end of the process, once and before its first use.
///
/// What was not closed by then is incomplete and must not look finished; and the library might wait for a
/// thread that is still in it.
private let hasNoExitHandler: Bool = H5dont_atexit() >= 0

/// Calls the C library with its own printing of errors switched off.
///
/// The library keeps the switch for each thread, and a thread may be new at any call.
@inline(__always)
func quietly<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
  _ = hasNoExitHandler
  H5Eset_auto2(winnow_error_stack(), nil, nil)
  return try body()
}

/// What the C library says about the call that has just failed on this thread, the innermost cause first.
func errorStack() -> [String] {
  var lines: [String] = []
  _ = withUnsafeMutablePointer(to: &lines) { pointer in
    H5Ewalk2(winnow_error_stack(), H5E_WALK_UPWARD, { _, entry, context in
      guard let text = entry?.pointee.desc, let context else { return 0 }
      context.assumingMemoryBound(to: [String].self).pointee.append(String(cString: text))
      return 0
    }, pointer)
  }
  return lines
}

/// A name that the C library hands out in the usual way: the length for no buffer, else the text.
func name(from copy: (UnsafeMutablePointer<CChar>?, Int) -> Int) -> String? {
  let length = copy(nil, 0)
  guard length >= 0 else { return nil }
  return withUnsafeTemporaryAllocation(of: CChar.self, capacity: length + 1) { buffer in
    buffer.initialize(repeating: 0)
    guard copy(buffer.baseAddress, length + 1) >= 0 else { return nil }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

/// An identifier of a property list, a data space or a type that lives as long as one call needs it.
struct TemporaryIdentifier: ~Copyable {
  let id: hid_t
  private let release: (hid_t) -> herr_t

  init(_ id: hid_t, release: @escaping (hid_t) -> herr_t) {
    self.id = id
    self.release = release
  }

  deinit {
    quietly { _ = release(id) }
  }
}
