import HDF5
import Testing

extension CommandTests {
  /// The kind `controls`.
  @Suite struct ControlsStageTests {
    private static let stages = """
      include test.pipeline

      stage copy : controls
          images   <- train
          patch    = 2%
          blend    = 2%
          sinusoid = 5%

      """

    private func workspace(_ more: String = "") throws -> Workspace {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.write(Self.stages + more, to: "copy.pipeline")
      return workspace
    }

    @Test func whatIsPlantedIsStored() throws {
      let workspace = try workspace()
      let outcome = try workspace.winnow(["run", "copy.pipeline", "--only", "copy"])
      outcome.expect()
      let (root, before) = (
        try workspace.artifact("copy", of: "copy").root, try workspace.artifact("train").root
      )
      #expect(try root.attribute("controls", as: Int.self) == 3)
      let (old, new) = (try before.read("labels", as: Int.self), try root.read("labels", as: Int.self))
      var relabelled = Set<Int>()
      for (number, (kind, count)) in [("patch", 6), ("blend", 6), ("sinusoid", 15)].enumerated() {
        let group = try root.group("controls/\(number + 1)")
        #expect(try group.attribute("kind", as: String.self) == kind)
        let target = try group.attribute("target_class", as: Int.self)
        let planted = try group.read("planted", as: Int.self)
        #expect(planted.count == count && planted.allSatisfy { new[$0] == target })
        #expect(try group.read("placebos", as: Int.self).count == count)
        if kind != "sinusoid" { relabelled.formUnion(planted) }
        #expect(outcome.output.contains("\(kind): \(count) images, labelled '"))
      }
      #expect(Set(old.indices.filter { old[$0] != new[$0] }) == relabelled)
      #expect(try !root.names.contains("truth"))
    }

    /// A verdict is made of the copy; a repaired model is not.
    @Test func isForVerdictsAlone() throws {
      try workspace(
        """
        stage model : train
            images <- copy
            width  = 2
            epochs = 1

        stage bad : repair
            images <- copy
            model  <- model
            split  <- split
        """
      ).winnow(["check", "copy.pipeline"]).expect(status: 65, messages: "images with controls")
    }

    @Test func sharesThatAreTooLargeOrNothing() throws {
      let workspace = try workspace()
      try workspace.winnow(["check", "copy.pipeline", "copy.patch=20%", "copy.blend=10%"])
        .expect(status: 65, messages: "controls and placebos would be 70.00% of the images: more than half")
      try workspace.winnow(["check", "copy.pipeline", "copy.patch=0", "copy.blend=0", "copy.sinusoid=0"])
        .expect(status: 65, messages: "all shares are 0: nothing is planted")
    }
  }
}
