import HDF5
import Testing

extension CommandTests {
  /// The kind `intra-class`.
  @Suite struct IntraClassStageTests {
    /// Class centres move apart, and the linear layer is frozen.
    @Test func theLinearLayerIsFrozen() throws {
      let (before, after) = (
        try Workspace.reference.artifact("warmup").root, try Workspace.reference.artifact("fine_tuned").root
      )
      for name in ["fc.weight", "fc.bias"] {
        #expect(
          try before.read("state_dict/\(name)", as: Float.self)
            == after.read("state_dict/\(name)", as: Float.self), "\(name)")
      }
      #expect(
        try before.read("state_dict/conv1.weight", as: Float.self)
          != after.read("state_dict/conv1.weight", as: Float.self))
      let loss = try after.read("history/intra_class_loss", as: Double.self)
      #expect(loss.count == 3 && loss[2] < loss[0])
    }

    /// Epochs and schedule follow on those of the warm-up.
    @Test func goesOnWithTheWarmup() throws {
      let root = try Workspace.reference.artifact("fine_tuned").root
      #expect(try root.attribute("epochs_trained", as: Int.self) == 6)
      let workspace = try Workspace(copyOf: .reference)
      try workspace.run(
        "--only", "fine_tuned", "fine_tuned.schedule=cosine", "fine_tuned.learning-rate=0.01"
      ).expect()
      let rates = try workspace.artifact("fine_tuned").root.read("history/learning_rate", as: Double.self)
      // Half a cosine over the six epochs, of which three are done: its values at 3, 4 and 5 sixths.
      for (rate, expected) in zip(rates, [0.005, 0.0025, 0.00066987]) {
        #expect(abs(rate - expected) < 1e-7)
      }
    }
  }
}
