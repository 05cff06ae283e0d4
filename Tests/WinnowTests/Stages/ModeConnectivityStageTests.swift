import HDF5
import Testing

extension CommandTests {
  /// The kind `mcr`.
  @Suite struct ModeConnectivityStageTests {
    /// At its ends the curve is the models themselves, but for the statistics, which are measured anew.
    @Test(arguments: [("0", "backdoored"), ("1", "tuned")])
    func endsAreTheModels(point: String, stage: String) throws {
      let workspace = try ComparisonWorkspace.copy()
      try ComparisonWorkspace.run(workspace, "--only", "connected", "connected.point=\(point)").expect()
      let found = try ComparisonWorkspace.weights("connected", workspace)
      let expected =
        try stage == "tuned"
        ? ComparisonWorkspace.weights("tuned") : Workspace.reference.artifact("backdoored").root.group("state_dict")
          .names.filter { !$0.hasSuffix("tracked") }.reduce(into: [:]) {
            $0[$1] = try Workspace.reference.artifact("backdoored").root.read("state_dict/\($1)", as: Float.self)
          }
      #expect(found.keys.sorted() == expected.keys.sorted())
      for (name, values) in found {
        #expect((values == expected[name]) != name.contains("running"), "\(name)")
      }
    }

    @Test func aPointBetweenIsNeither() throws {
      let found = try ComparisonWorkspace.weights("connected")
      #expect(try found["conv1.weight"] != ComparisonWorkspace.weights("tuned")["conv1.weight"])
      #expect(try ComparisonWorkspace.history("connected", "curve_loss").count == 2)
    }
  }
}
