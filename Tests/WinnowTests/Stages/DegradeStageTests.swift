import HDF5
import Testing

extension CommandTests {
  /// The kind `degrade`.
  @Suite struct DegradeStageTests {
    private static let manifest = """
      stage train : load
          path  = data
          split = train

      stage messy : degrade
          images      <- train
          imbalance   = 3
          duplicates  = 10%
          mislabelled = 20%
          odd         = 50%
          source      = grey

      stage poisoned : poison
          images <- messy
          attack = badnets-all2one
      """

    /// What it wrote down is what it did, and the result can be poisoned: it is a clean set.
    @Test func itsRecordsAreTrue() throws {
      let workspace = try Workspace(manifest: Self.manifest)
      try workspace.winnow(["run", "test.pipeline"]).expect()
      let (before, after) = (
        try workspace.artifact("train").root, try workspace.artifact("messy").root
      )
      let (labels, given) = (
        try before.read("labels", as: Int.self), try after.read("labels", as: Int.self)
      )
      let faults = try after.group("faults")
      let sources = try faults.read("sources", as: Int.self)
      let wrong = Set(try faults.read("mislabelled", as: Int.self))
      let sizes = (0..<10).map { label in sources.count { labels[$0] == label } }
      #expect(sizes.max() == 30 && sizes.min() == 10)
      #expect(wrong.count == Int((0.2 * Double(given.count)).rounded()))
      #expect(given.indices.allSatisfy { wrong.contains($0) == (given[$0] != labels[sources[$0]]) })
      let copies = try faults.read("duplicates", as: Int.self)
      #expect(copies.count == Int((0.1 * Double(given.count)).rounded()))
      #expect(Set(sources).count == given.count - copies.count)
      let odd = Set(try faults.read("odd", as: Int.self))
      #expect(Set(odd.map { labels[sources[$0]] }).count == 1)
      let pixels = try after.read("images", as: UInt8.self)
      let size = pixels.count / given.count
      for index in odd {
        let image = pixels[index * size..<(index + 1) * size]
        #expect(zip(image.enumerated(), image.dropFirst()).allSatisfy { $0.offset % 3 == 2 || $0.element == $1 })
      }
      #expect(Set(odd).count == (sources.indices.count { labels[sources[$0]] == labels[sources[odd.first ?? 0]] } + 1) / 2)
    }

    @Test func wrongParameters() throws {
      let workspace = try Workspace(
        manifest: Self.manifest.replacing("imbalance   = 3", with: "imbalance   = 0"))
      try workspace.winnow(["check", "test.pipeline"]).expect(status: 65, messages: "imbalance")
    }
  }
}
