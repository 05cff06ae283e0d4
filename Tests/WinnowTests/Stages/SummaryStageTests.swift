import HDF5
import Testing

extension CommandTests {
  /// The kind `summary`.
  @Suite struct SummaryStageTests {
    /// A row for each model, the metrics of its evaluation, and its accuracy on each class.
    @Test func summary() throws {
      let root = try Workspace.reference.artifact("summary").root
      #expect(try root.readStrings("rows") == ["before", "after"])
      for name in try root.group("metrics").names {
        let values = try root.read("metrics/\(name)", as: Double.self)
        for (stage, value) in zip(["before", "after"], values) {
          let evaluation = try Workspace.reference.artifact(stage).root
          #expect(try evaluation.readScalar("metrics/\(name)", as: Double.self) == value, "\(name)")
        }
      }
      #expect(try root.group("metrics").names.count == 6)
      let shares = try root.read("class_accuracy", as: Double.self)
      let correct = try ["before", "after"].flatMap { stage in
        try Workspace.reference.artifact(stage).root.read("class_correct", as: Int.self)
      }
      // Ten test images of each class.
      #expect(shares == correct.map { Double($0) / 10 })
    }

    /// Models that know different classes have no table of classes, but one of metrics.
    @Test func ofDifferentClasses() throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.write(
        """
        include test.pipeline

        stage fewer : load
            path    = data
            split   = train
            classes = 3

        stage fewer_tests : load
            path    = data
            split   = test
            classes = 3

        stage other : train
            images <- fewer
            width  = 4
            epochs = 1
            batch  = 16

        stage measured : evaluate
            model  <- other
            images <- fewer_tests

        stage both : summary
            models <- after measured
        """, to: "both.pipeline")
      try workspace.winnow(["run", "both.pipeline", "--only", "both"]).expect()
      let root = try workspace.artifact("both", of: "both").root
      #expect(try root.readStrings("rows") == ["after", "measured"])
      #expect(try !root.contains("class_accuracy"))
    }

    @Test func ofOneModel() throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.write(
        """
        include test.pipeline

        stage one : summary
            models <- after
        """, to: "one.pipeline")
      let outcome = try workspace.winnow(["run", "one.pipeline", "--only", "one"])
      outcome.expect()
      #expect(!outcome.output.contains("AUROC"), "no detection was given")
      let root = try workspace.artifact("one", of: "one").root
      #expect(try root.readStrings("rows") == ["after"])
      #expect(try root.dataset("class_accuracy").shape == [1, 10])
    }
  }
}
