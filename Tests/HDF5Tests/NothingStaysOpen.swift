import HDF5
import Synchronization
import SystemPackage
import Testing

/// After every test of a suite, nothing is open in the folders that it used: what the C library is not told
/// to close stays open for good.
struct NothingStaysOpen: SuiteTrait, TestTrait, TestScoping {
  /// The folders of the test that is running.
  final class Folders: Sendable {
    @TaskLocal static var current: Folders?

    private let folders = Mutex<[FilePath]>([])

    func add(_ folder: FilePath) { folders.withLock { $0.append(folder) } }

    var all: [FilePath] { folders.withLock { $0 } }
  }

  var isRecursive: Bool { true }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    let folders = Folders()
    try await Folders.$current.withValue(folders) { try await function() }
    for folder in folders.all { #expect(openObjectCount(in: folder) == 0, "in \(test.name)") }
  }
}

extension Trait where Self == NothingStaysOpen {
  static var nothingStaysOpen: Self { NothingStaysOpen() }
}
