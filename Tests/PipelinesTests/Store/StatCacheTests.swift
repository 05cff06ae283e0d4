import Foundation
import Pipelines
import Testing

@Suite(.nothingStaysOpen) struct StatCacheTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  /// A clock on which every file is long settled.
  var later: FileSystem {
    var files = FileSystem()
    files.now = { Int64(Date().timeIntervalSince1970 * 1e9) + 60_000_000_000 }
    return files
  }

  @Test func settledFilesAreReadOnce() throws {
    try workspace.run(.standard())
    let first = workspace.store(files: later)
    try workspace.runner(.standard(), store: first).run()
    #expect(first.cache.readCount == 5)
    let second = workspace.store(files: later)
    try workspace.runner(.standard(), store: second).run()
    #expect(second.cache.readCount == 0)
  }

  @Test func freshlyWrittenFilesAreNotTrusted() throws {
    try workspace.run(.standard())
    let store = workspace.store()
    try workspace.runner(.standard(), store: store).run()
    let again = workspace.store()
    try workspace.runner(.standard(), store: again).run()
    #expect(again.cache.readCount == 5)
  }

  @Test func aDamagedCacheIsAnEmptyOne() throws {
    try workspace.run(.standard())
    try workspace.runner(.standard(), store: workspace.store(files: later)).run()
    let size = try workspace.read("artifacts/stat-cache").count
    for position in stride(from: 0, to: size, by: 37) {
      var bytes = try workspace.read("artifacts/stat-cache")
      bytes[position] ^= 4
      try workspace.write("artifacts/stat-cache", Array(bytes))
      let store = workspace.store(files: later)
      #expect(try workspace.runner(.standard(), store: store).run().built == [])
      #expect(store.cache.readCount == 5, "byte \(position)")
    }
  }

  @Test func aChangeOfEqualSizeIsSeen() throws {
    try workspace.run(.standard())
    try workspace.runner(.standard(), store: workspace.store(files: later)).run()
    try workspace.write("data", [3, 2, 1])
    let built = try workspace.runner(.standard(), store: workspace.store(files: later)).run().built
    #expect(built.contains("source"))
  }
}
