import Glibc
import Synchronization

/// The two streams of the program: results, and messages about how it goes.
enum Output {
  private static let resultFailed = Atomic<Bool>(false)

  /// Writes lines to the standard output.
  static func result(_ text: String) { rawResult(text + "\n") }

  /// Writes to the standard output as it is.
  static func rawResult(_ text: String) {
    if !write(text, to: STDOUT_FILENO) { resultFailed.store(true, ordering: .relaxed) }
  }

  /// Writes lines to the standard error. If that fails, there is nowhere left to report it.
  static func message(_ text: String) {
    _ = write(text + "\n", to: STDERR_FILENO)
  }

  /// Writes to the standard error as it is: for a terminal's progress line.
  static func raw(_ text: String) {
    _ = write(text, to: STDERR_FILENO)
  }

  /// Whether all results reached their destination.
  static var resultsAreWhole: Bool { !resultFailed.load(ordering: .relaxed) }

  private static func write(_ text: String, to descriptor: CInt) -> Bool {
    var text = text
    return text.withUTF8 { buffer in
      var rest = UnsafeRawBufferPointer(buffer)
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
        if count < 0 {
          if errno == EINTR { continue }
          return false
        }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
      return true
    }
  }
}
