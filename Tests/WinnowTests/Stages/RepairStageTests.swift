import HDF5
import Testing

extension CommandTests {
  /// The kind `repair`.
  @Suite struct RepairStageTests {
    @Test func repairRecordsEveryRound() throws {
      let history = try Workspace.reference.artifact("repaired").root.group("history")
      let names = try history.names
      for name in ["relearn_loss", "unlearn_loss", "test_accuracy", "attack_success_rate", "learning_rate"] {
        #expect(names.contains(name))
      }
      for name in names { #expect(try history.dataset(name).shape == [3]) }
      // The last round is the model that is kept.
      let after = try Workspace.reference.artifact("after").root
      #expect(
        try history.read("test_accuracy", as: Double.self).last
          == after.readScalar("metrics/test_accuracy", as: Double.self))
    }

    /// Test sets are looked at, and decide nothing: the same model comes out without them.
    @Test func testSetsDecideNothing() throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.edit("    test           <- test\n    triggered      <- triggered\n", "")
      try workspace.run("--only", "repaired").expect()
      let (alone, reference) = (
        try workspace.artifact("repaired").root, try Workspace.reference.artifact("repaired").root
      )
      #expect(try !alone.group("history").names.contains("test_accuracy"))
      for name in try reference.group("state_dict").names where !name.hasSuffix("num_batches_tracked") {
        #expect(
          try alone.read("state_dict/\(name)", as: Float.self)
            == reference.read("state_dict/\(name)", as: Float.self), "\(name)")
      }
    }

    /// Unlearning raises the loss on what was named poisoned, and a weight of 0 does not.
    @Test func unlearningWeight() throws {
      func lastLoss(_ weight: String) throws -> Double {
        let workspace = try Workspace(copyOf: .reference)
        try workspace.run(
          "--only", "repaired", "repaired.unlearn-weight=\(weight)", "repaired.ascent=unbounded"
        ).expect()
        let history = try workspace.artifact("repaired").root.group("history")
        return try history.read("unlearn_loss", as: Double.self).last ?? .nan
      }
      #expect(try lastLoss("1") > lastLoss("0"))
    }

    @Test(arguments: ["alternate", "joint"]) func ordersDiffer(_ order: String) throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.run("--only", "repaired", "repaired.order=\(order)", "rounds=1").expect()
      let steps = try workspace.artifact("repaired").root
        .readScalar("state_dict/bn1.num_batches_tracked", as: Int.self)
      let before = try workspace.artifact("backdoored").root
        .readScalar("state_dict/bn1.num_batches_tracked", as: Int.self)
      // 60 clean images in steps of 8; by turns 15 poisoned ones in steps of 4 come before them.
      #expect(steps - before == (order == "joint" ? 8 : 4 + 8))
    }
  
    /// Each half alone (Fig. 5): how many steps it takes, and what the history has of it.
    @Test(arguments: [("unlearn", 4), ("relearn", 8)]) func halvesAlone(_ order: String, _ count: Int) throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.run("--only", "repaired", "repaired.order=\(order)", "rounds=1").expect()
      let root = try workspace.artifact("repaired").root
      let steps = try root.readScalar("state_dict/bn1.num_batches_tracked", as: Int.self)
      let before = try workspace.artifact("backdoored").root
        .readScalar("state_dict/bn1.num_batches_tracked", as: Int.self)
      #expect(steps - before == count)
      let names = try root.group("history").names
      #expect(names.contains("\(order)_loss"))
      #expect(!names.contains(order == "unlearn" ? "relearn_loss" : "unlearn_loss"))
    }

    /// Unlearning alone need not move the running statistics.
    @Test func statisticsMayStay() throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.run(
        "--only", "repaired", "repaired.order=unlearn", "repaired.unlearn-statistics=keep", "rounds=1"
      ).expect()
      let (before, after) = (
        try workspace.artifact("backdoored").root, try workspace.artifact("repaired").root
      )
      func values(_ root: HDF5.Group, _ name: String) throws -> [Float] { try root.read("state_dict/\(name)") }
      #expect(try values(before, "bn1.running_mean") == values(after, "bn1.running_mean"))
      #expect(try values(before, "bn1.weight") != values(after, "bn1.weight"))
    }
  }
}
