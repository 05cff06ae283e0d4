import HDF5
import Testing

extension CommandTests {
  /// The kind `fct`.
  @Suite struct FeatureConsistencyStageTests {
    @Test func saysWhatItIs() throws {
      let root = try Workspace.reference.artifact("scores").root
      #expect(try root.attribute("score", as: String.self) == "fct")
      #expect(try root.attribute("feature_length", as: Int.self) == 32)
      let scores = try root.read("scores", as: Double.self)
      #expect(scores.count == 300 && scores.allSatisfy { $0 >= 0 })
      let zeros = scores.count { $0 == 0 }
      #expect(try root.attribute("zero_share", as: Double.self) == Double(zeros) / 300)
      let meaning = try root.dataset("scores").attribute("meaning", as: String.self)
      #expect(meaning == "larger is more suspicious")
    }

    @Test(arguments: ["flip", "crop", "blur", "erase"])
    func otherTransformations(_ transformation: String) throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.run(
        "--only", "scores", "scores.transformation=\(transformation)", "scores.then=none",
        "scores.draws=2"
      ).expect()
      let scores = try workspace.artifact("scores").root.read("scores", as: Double.self)
      #expect(scores.count == 300)
      #expect(scores.allSatisfy { $0.isFinite && $0 >= 0 })
      let reference = try Workspace.reference.artifact("scores").root
      #expect(try scores != reference.read("scores", as: Double.self))
    }
  }
}
