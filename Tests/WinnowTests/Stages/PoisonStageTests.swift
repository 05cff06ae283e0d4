import Foundation
import HDF5
import Testing

extension CommandTests {
  /// The kind `poison`.
  @Suite struct PoisonStageTests {
    @Test func writesTheTruth() throws {
      let root = try Workspace.reference.artifact("poisoned").root
      let truth = try root.group("truth")
      #expect(try truth.attribute("attack", as: String.self) == "badnets-all2one")
      #expect(try truth.attribute("label_mode", as: String.self) == "all2one")
      #expect(try truth.attribute("target_class", as: Int.self) == 0)
      #expect(try truth.readString("attack_json") == #"{"attack":"badnets-all2one","settings":{}}"#)
      let isPoisoned = try truth.read("is_poisoned", as: UInt8.self)
      #expect(isPoisoned.count { $0 == 1 } == 27, "a tenth of the 270 that are not of the target class")
      let original = try truth.read("original_labels", as: Int.self)
      let given = try root.read("labels", as: Int.self)
      let pixels = try root.read("images", as: UInt8.self)
      let clean = try Workspace.reference.artifact("train").root.read("images", as: UInt8.self)
      for index in 0..<300 {
        let range = index * 3072..<(index + 1) * 3072
        #expect(given[index] == (isPoisoned[index] == 1 ? 0 : original[index]))
        #expect((pixels[range] == clean[range]) == (isPoisoned[index] == 0))
        if isPoisoned[index] == 1 { #expect(original[index] != 0) }
      }
    }

    @Test func anAttackWithSettings() throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.run(
        "--only", "poisoned", "poisoned.attack=sig", "poisoned.strength=20", "poisoned.target=3"
      ).expect()
      let truth = try workspace.artifact("poisoned").root.group("truth")
      #expect(try truth.attribute("label_mode", as: String.self) == "clean-label")
      #expect(
        try truth.readString("attack_json")
          == #"{"attack":"sig","settings":{"strength":20,"testStrength":60}}"#)
      #expect(try truth.read("is_poisoned", as: UInt8.self).count { $0 == 1 } == 3)
    }

    /// Settings of another attack are refused before anything runs.
    @Test func settingsThatDoNotApply() throws {
      let workspace = try Workspace()
      try workspace.run("poisoned.strength=20", "--only", "poisoned").expect(
        status: 65,
        messages: "'strength' is no setting of the attack 'badnets-all2one', but of sig; "
          + "'badnets-all2one' has none")
      try workspace.run("poisoned.attack=sig", "poisoned.strength=300").expect(
        status: 65, messages: "'strength' takes a number of grey levels from 0 to 255")
      try workspace.run("poisoned.attack=sig", "poisoned.strength=none", "--only", "poisoned").expect()
    }

    @Test func unknownAttack() throws {
      try Workspace().run("poisoned.attack=badnet-all2one").expect(
        status: 65, messages: "did you mean 'badnets-all2one'?")
    }

    @Test func targetThatIsNoClass() throws {
      try Workspace().run("poisoned.target=10", "--only", "poisoned").expect(
        status: 65, messages: "the target class 10 does not exist; there are 10 classes (0 to 9)")
    }
  }
}
