import Foundation
import Pipelines
import Synchronization
import TestSupport
import Testing

@Suite(.nothingStaysOpen) struct StatCacheTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  @Test func settledFilesAreReadOnce() throws {
    try workspace.run(.standard())
    let first = workspace.store(files: .later)
    try workspace.runner(.standard(), store: first).run()
    #expect(first.cache.readCount == 5)
    let second = workspace.store(files: .later)
    try workspace.runner(.standard(), store: second).run()
    #expect(second.cache.readCount == 0)
  }

  /// On a clock that stands still, so that the files stay fresh however slow the machine is.
  @Test func freshlyWrittenFilesAreNotTrusted() throws {
    var still = FileSystem()
    let start = still.now()
    still.now = { start }
    try workspace.run(.standard())
    let store = workspace.store(files: still)
    try workspace.runner(.standard(), store: store).run()
    let again = workspace.store(files: still)
    try workspace.runner(.standard(), store: again).run()
    #expect(again.cache.readCount == 5)
  }

  /// Files of long ago are forgotten where they are many; those of the last run never are.
  @Test func filesOfLongAgo() throws {
    try workspace.makeFolder("folder")
    for number in 0..<30 { try workspace.write("folder/\(number)", [UInt8(number)]) }
    let path = workspace.store().root.appending("cache")
    func cache(_ most: Int) -> StatCache { StatCache(path: path, files: .later, mostOthers: most) }
    func digests(_ numbers: Range<Int>, _ cache: StatCache) throws -> Int {
      for number in numbers { _ = try cache.digest(of: workspace.path("folder/\(number)")) }
      try cache.save()
      return cache.readCount
    }
    try FileSystem().makeFolders(workspace.store().root)
    #expect(try digests(0..<20, cache(10)) == 20)
    #expect(try digests(0..<20, cache(10)) == 0)
    // Twenty others are more than ten.
    #expect(try digests(20..<30, cache(10)) == 10)
    #expect(try digests(20..<30, cache(10)) == 0)
    #expect(try digests(0..<20, cache(100)) == 20)
    #expect(try digests(20..<30, cache(100)) == 0)
  }

  @Test func aDamagedCacheIsAnEmptyOne() throws {
    try workspace.run(.standard())
    try workspace.runner(.standard(), store: workspace.store(files: .later)).run()
    let size = try workspace.read("artifacts/stat-cache").count
    for position in stride(from: 0, to: size, by: 37) {
      var bytes = try workspace.read("artifacts/stat-cache")
      bytes[position] ^= 4
      try workspace.write("artifacts/stat-cache", Array(bytes))
      let store = workspace.store(files: .later)
      #expect(try workspace.runner(.standard(), store: store).run().built == [])
      #expect(store.cache.readCount == 5, "byte \(position)")
    }
  }

  /// Names are lines of the cache: what is in them must not be taken for something else.
  @Test func anyNameOfAFile() throws {
    try workspace.makeFolder("folder")
    let names = ["a b", " a", "a ", "tab\tand\\", "ü", "a\nb"]
    for (number, name) in names.enumerated() { try workspace.write("folder/\(name)", [UInt8(number)]) }
    var pipeline = TestPipeline()
    pipeline.add("folder", FolderSize.self, ["path": .path("folder")])
    try workspace.run(pipeline.checked)
    let first = workspace.store(files: .later)
    #expect(try workspace.runner(pipeline.checked, store: first).plan().isFresh)
    // All of them, and the artifact.
    #expect(first.cache.readCount == names.count + 1)
    let second = workspace.store(files: .later)
    #expect(try workspace.runner(pipeline.checked, store: second).plan().isFresh)
    // The one with a line break is not kept.
    #expect(second.cache.readCount == 1)
  }

  @Test func aChangeOfEqualSizeIsSeen() throws {
    try workspace.run(.standard())
    try workspace.runner(.standard(), store: workspace.store(files: .later)).run()
    // On this clock no change is too fresh to be told by its time stamp: wait until that is another one.
    let before = try workspace.changeTime("data")
    repeat { try workspace.write("data", [3, 2, 1]) } while try workspace.changeTime("data") == before
    let built = try workspace.runner(.standard(), store: workspace.store(files: .later)).run().built
    #expect(built.contains("source"))
  }

  /// With `--jobs`, stages ask from their own threads which program runs them, while the runner asks about files.
  @Test func threadsAskAtOnce() throws {
    let paths = try (0..<64).map { number in
      try workspace.write("file\(number)", [UInt8(number)])
      return workspace.path("file\(number)")
    }
    let expected = paths.map { ProgramBuild(of: $0, workspace.store().cache).text }
    #expect(Set(expected).count == paths.count)
    let wrong = Atomic<Int>(0)
    for _ in 0..<20 {
      let cache = workspace.store(files: .later).cache
      DispatchQueue.concurrentPerform(iterations: 8) { thread in
        for step in paths.indices {
          let place = (step + 8 * thread) % paths.count
          if ProgramBuild(of: paths[place], cache).text != expected[place] { wrong.add(1, ordering: .relaxed) }
        }
      }
      // Two threads may read one file, but no more often than they ask.
      #expect((paths.count...8 * paths.count).contains(cache.readCount))
    }
    #expect(wrong.load(ordering: .relaxed) == 0)
  }
}
