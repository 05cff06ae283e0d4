import Foundation
import Glibc
import HDF5
import Testing

extension CommandTests {
  /// Features by contrast and a classifier on them, for a sweep of losses, and the table of its copies.
  @Suite struct SecureTraining {
    private static let pipeline = "secure"

    private static let manifest = """
      include test.pipeline

      each loss = ctl s-ctl ss-ctl

      stage extractor : contrast
          images        <- poisoned
          split         <- split
          loss          = $loss
          width         = 3
          stem          = stride-2
          epochs        = 3
          batch         = 64
          learning-rate = 0.1
          warmup        = 1

      stage secured : train-classifier
          images  <- poisoned
          split   <- split
          encoder <- extractor
          epochs  = 3
          batch   = 32

      stage evaluation : evaluate
          model     <- secured
          images    <- test
          triggered <- triggered

      stage table : table
          evaluations <- evaluation[*]
      """

    /// The undisturbed run. Do not change it: copy it.
    private static let built = Result {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.write(manifest, to: "\(pipeline).pipeline")
      return (workspace: workspace, outcome: try run(workspace))
    }

    private static func run(
      _ workspace: Workspace, _ arguments: String..., threads: Int = 1
    ) throws -> Outcome {
      try workspace.winnow(["run", "\(pipeline).pipeline"] + arguments, threads: threads)
    }

    private static func artifact(_ stage: String, _ workspace: Workspace) throws -> HDF5.Group {
      try workspace.artifact(stage, of: pipeline).root
    }

    @Test func copiesAndTable() throws {
      let (workspace, outcome) = try Self.built.get()
      outcome.expect()
      let copies = ["ctl", "s-ctl", "ss-ctl"].flatMap { loss in
        ["extractor", "secured", "evaluation"].map { "\($0)[loss=\(loss)]" }
      }
      // What does not depend on the loss is there already, and shared.
      #expect(Set(outcome.built) == Set(copies + ["table"]))
      let table = try Self.artifact("table", workspace)
      #expect(try table.readStrings("rows") == ["ctl", "s-ctl", "ss-ctl"])
      #expect(try table.readStrings("columns") == [""])
      let accuracy = try table.read("metrics/test_accuracy", as: Double.self)
      for (loss, value) in zip(["ctl", "s-ctl", "ss-ctl"], accuracy) {
        let evaluation = try Self.artifact("evaluation[loss=\(loss)]", workspace)
        #expect(try evaluation.readScalar("metrics/test_accuracy", as: Double.self) == value)
      }
      let lines = try table.readString("csv").split(whereSeparator: \.isNewline)
      #expect(lines.map { $0.prefix { $0 != "," } } == ["loss", "ctl", "s-ctl", "ss-ctl", "average"])
      #expect(lines[0] == "loss,ACC (%),ACC w/o target (%),target class (%),ASR (%),ASR floor (%),R-ACC (%)")
      #expect(outcome.output.contains(try table.readString("text").split(separator: "\n")[0]))
    }

    /// The names of the authors' module, and of a plain network for the model that comes out.
    @Test func weightsHavePyTorchsNames() throws {
      let workspace = try Self.built.get().workspace
      let encoder = try Self.artifact("extractor[loss=ss-ctl]", workspace).group("state_dict")
      let model = try Self.artifact("secured[loss=ss-ctl]", workspace).group("state_dict")
      let names = try encoder.names
      #expect(names.allSatisfy { $0.hasPrefix("encoder.") || $0.hasPrefix("head.") })
      #expect(names.contains("encoder.layer2.0.shortcut.1.running_var"))
      #expect(try encoder.dataset("head.0.weight").shape == [24, 24])
      #expect(try encoder.dataset("head.2.bias").shape == [6])
      #expect(names.count == 124)
      for name in try model.names where !name.hasPrefix("fc.") {
        let original = "encoder." + name.replacing("downsample", with: "shortcut")
        #expect(try model.dataset(name).shape == encoder.dataset(original).shape)
        if !name.hasSuffix("num_batches_tracked") {
          // The encoder rests.
          #expect(
            try model.read(name, as: Float.self) == encoder.read(original, as: Float.self), "\(name)")
        }
      }
      #expect(try model.dataset("fc.weight").shape == [10, 24])
    }

    /// Every column of every history is a metric that says what it is.
    @Test(arguments: ["extractor", "secured"]) func historiesAreOfDeclaredMetrics(stage: String) throws {
      let workspace = try Self.built.get().workspace
      let history = try Self.artifact("\(stage)[loss=ss-ctl]", workspace).group("history")
      for name in try history.names {
        let column = try history.dataset(name)
        #expect(try column.attribute("definition", as: String.self).count > 20, "\(name)")
      }
    }

    /// Other numbers of threads, the same bytes.
    @Test(arguments: [1, 2, 3]) func threadsDoNotMatter(threads: Int) throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.write(Self.manifest, to: "\(Self.pipeline).pipeline")
      try Self.run(workspace, threads: threads).expect()
      expectEqual(
        try workspace.artifacts(of: Self.pipeline),
        try Self.built.get().workspace.artifacts(of: Self.pipeline))
    }

    /// Killed in the middle of both stages, with another number of threads every time.
    @Test func stoppedRunsEndTheSame() throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.write(Self.manifest, to: "\(Self.pipeline).pipeline")
      // By the end of which epoch.
      let moments = [
        (SIGKILL, "extractor[loss=ctl]", 1), (SIGTERM, "extractor[loss=ss-ctl]", 2),
        (SIGINT, "secured[loss=ctl]", 1), (SIGKILL, "secured[loss=ss-ctl]", 2),
      ]
      for (index, (signal, stage, epochs)) in moments.enumerated() {
        let command = try workspace.start(
          ["run", "\(Self.pipeline).pipeline"], threads: 1 + index % 2, stopsAtCheckpoints: true)
        try #require(command.goesOnToCheckpoint(epochs, of: stage), "\(command.messages)")
        command.send(signal)
        let outcome = try command.outcome()
        #expect(outcome.signal == signal || outcome.status == 128 + signal, "\(outcome.messages)")
      }
      try Self.run(workspace).expect()
      expectEqual(
        try workspace.artifacts(of: Self.pipeline),
        try Self.built.get().workspace.artifacts(of: Self.pipeline))
    }

    /// One value alone has the copy that it had among the others; nothing is done twice.
    @Test func sweepsAreNarrowed() throws {
      let workspace = try Workspace(copyOf: Self.built.get().workspace)
      let again = try Self.run(workspace)
      again.expect()
      #expect(again.built.isEmpty)
      let one = try Self.run(workspace, "loss=ctl", "--only", "evaluation[loss=ctl]")
      one.expect()
      #expect(one.built.isEmpty, "\(one.messages)")
      let changed = try Self.run(workspace, "secured.lambda=0.5", "--only", "evaluation[loss=ctl]")
      changed.expect()
      #expect(changed.built == ["secured[loss=ctl]", "evaluation[loss=ctl]"])
    }

    /// Plain cross-entropy takes all images; training on those named clean alone is the lower line.
    @Test func baselines() throws {
      let workspace = try Workspace(copyOf: Self.built.get().workspace)
      let plain = try Self.run(
        workspace, "secured.loss=cross-entropy", "secured.features=raw", "secured.learning-rate=0.05",
        "loss=s-ctl")
      plain.expect()
      let history = try Self.artifact("secured[loss=s-ctl]", workspace).group("history")
      #expect(try !history.names.contains("classifier_poisoned_loss"))
      try workspace.edit("stage warmup : train\n", "stage warmup : train\n    split <- old\n")
      try workspace.edit(
        "stage warmup : train\n",
        """
        stage old_warmup : train
            images <- poisoned
            width  = 4
            epochs = 1

        stage old_scores : fct
            images <- poisoned
            model  <- old_warmup

        stage old : split
            images   <- poisoned
            scores   <- old_scores
            poisoned = 5%
            clean    = 10%

        stage warmup : train

        """)
      let few = try workspace.run("--only", "warmup")
      few.expect()
      #expect(few.built.contains("warmup"))
      // 30 of the 300 images, 16 in a step, three times.
      let weights = try workspace.artifact("warmup").root.group("state_dict")
      #expect(try weights.readScalar("bn1.num_batches_tracked", as: Int.self) == 6)
    }
  }
}
