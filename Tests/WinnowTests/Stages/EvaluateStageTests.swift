import HDF5
import SystemPackage
import Testing

extension CommandTests {
  /// The kind `evaluate`.
  @Suite struct EvaluateStageTests {
    @Test func evaluationAgreesWithItsPredictions() throws {
      let root = try Workspace.reference.artifact("before").root
      let predictions = try root.read("predictions", as: Int.self)
      let labels = try Workspace.reference.artifact("test").root.read("labels", as: Int.self)
      let hits = zip(predictions, labels).count { $0 == $1 }
      #expect(try root.readScalar("metrics/test_accuracy", as: Double.self) == Double(hits) / 100)
      #expect(try root.read("class_correct", as: Int.self).reduce(0, +) == hits)
      let triggered = try root.read("triggered_predictions", as: Int.self)
      let successes = triggered.count { $0 == 0 }
      #expect(
        try root.readScalar("metrics/attack_success_rate", as: Double.self) == Double(successes) / 90)
      let triggeredSet = try Workspace.reference.artifact("triggered").root
      let originals = try triggeredSet.read("original_indices", as: Int.self)
      #expect(
        try root.readScalar("metrics/attack_success_floor", as: Double.self)
          == Double(originals.count { predictions[$0] == 0 }) / 90)
      let truth = try triggeredSet.read("labels", as: Int.self)
      #expect(
        try root.readScalar("metrics/robust_accuracy", as: Double.self)
          == Double(zip(triggered, truth).count { $0 == $1 }) / 90)
    }

    /// As many classes, but others: every number would be wrong.
    @Test func otherClasses() throws {
      let workspace = try Workspace(copyOf: .reference)
      let test = try workspace.artifact("test").root
      let file = try HDF5.File.create(at: FilePath(workspace.folder.path).appending("other.h5"))
      let group = try file.root.createGroup("test")
      try group.write(test.read("images", as: UInt8.self), shape: test.dataset("images").shape, to: "images")
      try group.write(test.read("labels", as: Int.self), to: "labels")
      var names = try test.readStrings("class_names")
      names[3] += "s"
      try group.write(names, to: "class_names")
      try file.close()
      try workspace.write(
        """
        include test.pipeline

        stage other : load
            path    = other.h5
            split   = test
            format  = hdf5
            trusted = yes

        stage measured : evaluate
            model  <- backdoored
            images <- other
        """, to: "other.pipeline")
      try workspace.winnow(["run", "other.pipeline", "--only", "measured"]).expect(
        status: 65, messages: "the model was trained for other classes: '\(names[3].dropLast())' where the images have "
          + "'\(names[3])'")
    }

    /// Clean test images alone: no attack is measured, and nothing is said about one.
    @Test func withoutTriggeredImages() throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.edit("stage before : evaluate\n    model     <- backdoored\n    images    <- test\n    triggered <- triggered",
        "stage before : evaluate\n    model     <- backdoored\n    images    <- test")
      try workspace.run("--only", "before").expect()
      let root = try workspace.artifact("before").root
      #expect(try root.group("metrics").names == ["test_accuracy"])
      #expect(try !root.contains("triggered_predictions"))
      #expect(
        try root.read("predictions", as: Int.self)
          == Workspace.reference.artifact("before").root.read("predictions", as: Int.self))
    }

    @Test func threadsDoNotMatter() throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.write(
        """
        include test.pipeline

        stage again : evaluate
            model     <- repaired
            images    <- test
            triggered <- triggered
        """, to: "again.pipeline")
      try workspace.winnow(["run", "again.pipeline", "--only", "again"], threads: 3).expect()
      let (root, reference) = (
        try workspace.artifact("again", of: "again").root, try workspace.artifact("after").root
      )
      for name in ["predictions", "triggered_predictions", "class_correct"] {
        #expect(try root.read(name, as: Int.self) == reference.read(name, as: Int.self), "\(name)")
      }
    }
  }
}
