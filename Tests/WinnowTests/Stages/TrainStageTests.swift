import HDF5
import Testing

extension CommandTests {
  /// The kind `train`.
  @Suite struct TrainStageTests {
    @Test func learns() throws {
      let history = try Workspace.reference.artifact("warmup").root.group("history")
      let loss = try history.read("training_loss", as: Double.self)
      #expect(loss.count == 3 && loss[2] < loss[0])
      // 300 images, 16 in a step, three times.
      let weights = try Workspace.reference.artifact("warmup").root.group("state_dict")
      #expect(try weights.readScalar("bn1.num_batches_tracked", as: Int.self) == 57)
    }

    /// From another model on: its architecture and weights, so that a rate of next to nothing leaves them.
    @Test func startsFromAModel() throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.write(
        """
        include test.pipeline

        stage more : train
            images        <- poisoned
            start         <- warmup
            epochs        = 1
            batch         = 16
            learning-rate = 1e-12
        """, to: "more.pipeline")
      try workspace.winnow(["run", "more.pipeline", "--only", "more"]).expect()
      let (more, warmup) = (
        try workspace.artifact("more", of: "more").root, try workspace.artifact("warmup").root
      )
      for name in try warmup.group("state_dict").names where !name.contains("running") {
        if name.hasSuffix("num_batches_tracked") { continue }
        let (now, before) = (
          try more.read("state_dict/\(name)", as: Float.self),
          try warmup.read("state_dict/\(name)", as: Float.self)
        )
        #expect(zip(now, before).allSatisfy { abs($0 - $1) < 1e-6 }, "\(name)")
      }
      #expect(try more.attribute("epochs_trained", as: Int.self) == 4)
    }

    /// Streams and seeds each give other initial weights.
    @Test func streamsAreIndependent() throws {
      let workspace = try Workspace(copyOf: .reference)
      func weights(_ override: String) throws -> [Float] {
        try workspace.run("--only", "warmup", override).expect()
        return try workspace.artifact("warmup").root.read("state_dict/conv1.weight", as: Float.self)
      }
      let all = try [
        weights("warmup.stream=0"), weights("warmup.stream=1"), weights("warmup.seed=2"),
      ]
      #expect(Set(all).count == 3)
      #expect(try weights("warmup.stream=1") == all[1])
    }

    /// Small images are not pooled at once, where the stem is to fit them.
    @Test(arguments: [(23, "plain"), (24, "max-pool")]) func stemThatFits(_ side: Int, _ stem: String) throws {
      let workspace = try Workspace()
      try workspace.run(
        "--only", "warmup", "train.size=\(side)x\(side)", "warmup.stem=fitting", "warmup.epochs=1").expect()
      #expect(try workspace.artifact("warmup").root.attribute("stem", as: String.self) == stem)
    }

    @Test func stemThatTheArchitectureDoesNotHave() throws {
      try Workspace().run("warmup.architecture=vgg19-bn", "warmup.stem=max-pool").expect(
        status: 65, messages: "'vgg19-bn' has no stem 'max-pool'; it has ")
    }
  }
}
