import HDF5
import Synchronization
import SystemPackage
import Testing

/// After every test of a suite, nothing is open in the folders that it used: what the C library is not told
/// to close stays open for good.
package struct NothingStaysOpen: SuiteTrait, TestTrait, TestScoping {
  /// The folders of the test that is running.
  package final class Folders: Sendable {
    @TaskLocal package static var current: Folders?

    private let folders = Mutex<[FilePath]>([])

    package func add(_ folder: FilePath) { folders.withLock { $0.append(folder) } }

    package var all: [FilePath] { folders.withLock { $0 } }
  }

  package var isRecursive: Bool { true }

  package func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    let folders = Folders()
    try await Folders.$current.withValue(folders) { try await function() }
    for folder in folders.all { #expect(openObjectCount(in: folder) == 0, "in \(test.name)") }
  }
}

extension Trait where Self == NothingStaysOpen {
  package static var nothingStaysOpen: Self { NothingStaysOpen() }
}
