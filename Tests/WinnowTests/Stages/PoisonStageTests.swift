import Foundation
import HDF5
import Testing

extension CommandTests {
  /// The kind `poison`.
  @Suite struct PoisonStageTests {
    @Test func writesTheTruth() throws {
      let root = try Workspace.reference.artifact("poisoned").root
      let truth = try root.group("truth")
      #expect(try truth.group("attackers").names == ["1"])
      let attacker = try truth.group("attackers/1")
      #expect(try attacker.attribute("attack", as: String.self) == "badnets-all2one")
      #expect(try attacker.attribute("label_mode", as: String.self) == "all2one")
      #expect(try attacker.attribute("target_class", as: Int.self) == 0)
      #expect(
        try attacker.readString("attack_json")
          == #"{"attack":"badnets-all2one","settings":{"pattern":"grid"}}"#)
      let isPoisoned = try truth.read("is_poisoned", as: UInt8.self)
      #expect(isPoisoned.count { $0 == 1 } == 27, "a tenth of the 270 that are not of the target class")
      #expect(try truth.read("attacker", as: Int.self) == isPoisoned.map(Int.init))
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
      let attacker = try truth.group("attackers/1")
      #expect(try attacker.attribute("label_mode", as: String.self) == "clean-label")
      #expect(
        try attacker.readString("attack_json")
          == #"{"attack":"sig","settings":{"strength":20,"testStrength":60}}"#)
      #expect(try truth.read("is_poisoned", as: UInt8.self).count { $0 == 1 } == 3)
    }

    /// Settings of another attack are refused before anything runs.
    @Test func settingsThatDoNotApply() throws {
      let workspace = try Workspace()
      try workspace.run("poisoned.strength=20", "--only", "poisoned").expect(
        status: 65,
        messages: "'strength' is no setting of the attack 'badnets-all2one', but of sig; "
          + "'badnets-all2one' has 'pattern'")
      try workspace.run("poisoned.attack=sig", "poisoned.strength=300").expect(
        status: 65, messages: "'strength' takes a number of grey levels from 0 to 255")
      try workspace.run("poisoned.attack=sig", "poisoned.strength=none", "--only", "poisoned").expect()
    }

    /// Sixteen of the changed images before and after, to look at.
    @Test func keepsExamples() throws {
      let root = try Workspace.reference.artifact("poisoned").root
      let examples = try root.group("examples")
      let indices = try examples.read("indices", as: Int.self)
      let isPoisoned = try root.read("truth/is_poisoned", as: UInt8.self)
      #expect(indices.count == 16 && indices.allSatisfy { isPoisoned[$0] == 1 })
      let clean = try Workspace.reference.artifact("train").root.read("images", as: UInt8.self)
      let pixels = try root.read("images", as: UInt8.self)
      let before = try examples.read("before", as: UInt8.self)
      let after = try examples.read("after", as: UInt8.self)
      for (place, index) in indices.enumerated() {
        let (own, range) = (place * 3072..<(place + 1) * 3072, index * 3072..<(index + 1) * 3072)
        #expect(before[own] == clean[range] && after[own] == pixels[range])
      }
    }

    /// Every attack that needs nothing more than its name, and the numbers of images that it poisons.
    @Test(arguments: [("trojan", 27), ("blend-kitty", 27), ("blend-strip", 27), ("sig", 3), ("badnets-all2all", 30)])
    func attacks(name: String, count: Int) throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.run("--only", "poisoned", "--only", "triggered", "poisoned.attack=\(name)").expect()
      let root = try workspace.artifact("poisoned").root
      #expect(try root.read("truth/is_poisoned", as: UInt8.self).count { $0 == 1 } == count)
      #expect(try workspace.artifact("triggered").root.attribute("attack", as: String.self) == name)
    }

    /// A picture from a file is stored with the set: test images are triggered when the file is gone.
    @Test func pictureFromAFile() throws {
      let workspace = try Workspace(copyOf: .reference)
      // One red pixel, half opaque.
      let png = try #require(Data(base64Encoded: Self.redPixel))
      try TestData.write(["red.png": png], to: workspace.folder.appending(path: "pictures"))
      try workspace.edit("    rate   = 10%", "    picture = pictures/red.png\n    size = 0.25\n    rate   = 10%")
      let attack = ["poisoned.attack=custom", "poisoned.place=top-left"]
      let outcome = try workspace.winnow(["run", "test.pipeline", "--only", "poisoned"] + attack)
      outcome.expect()
      #expect(outcome.output.contains("27 of 300 images poisoned with custom, target '0'"))
      let poisoned = try workspace.artifact("poisoned").root
      let examples = try poisoned.group("examples")
      let (before, after) = (
        try examples.read("before", as: UInt8.self), try examples.read("after", as: UInt8.self)
      )
      for position in 0..<3072 {
        let (row, column, channel) = (position / 96, position / 3 % 32, position % 3)
        let old = Double(before[position])
        let share = 128.0 / 255
        let new = row < 8 && column < 8 ? (1 - share) * old + share * (channel == 0 ? 255 : 0) : old
        #expect(abs(Double(after[position]) - new) < 1.001, "\(row), \(column)")
      }
      // The picture is what counts, not where it lies.
      try TestData.write(["other.png": png], to: workspace.folder.appending(path: "pictures"))
      let moved = try workspace.winnow(
        ["run", "test.pipeline", "--only", "poisoned"] + attack + ["poisoned.picture=pictures/other.png"])
      moved.expect()
      #expect(moved.built == [])
      try workspace.winnow(["run", "test.pipeline", "--only", "triggered"] + attack).expect()
      #expect(try workspace.artifact("triggered").root.attribute("attack", as: String.self) == "custom")
    }

    /// A PNG of one pixel: red, opacity 128.
    private static let redPixel =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DQAAAEgQGALFXOsAAAAABJRU5ErkJggg=="

    @Test func wrongPictures() throws {
      let workspace = try Workspace(copyOf: .reference)
      try TestData.write(
        ["none.png": Data(), "text.png": Data("a cat".utf8)],
        to: workspace.folder.appending(path: "pictures"))
      try workspace.run("poisoned.attack=custom", "--only", "poisoned").expect(
        status: 65, messages: "the attack 'custom' needs 'picture': a picture")
      for (file, message) in [
        ("none.png", "none.png: not a PNG picture (the file is empty)"),
        ("text.png", "text.png: not a PNG picture ("),
      ] {
        try workspace.run(
          "poisoned.attack=blend-kitty", "poisoned.picture=pictures/\(file)", "--only", "poisoned"
        ).expect(status: 65, messages: message)
      }
      try workspace.run("poisoned.attack=blend-kitty", "poisoned.picture=cat.png", "--only", "poisoned")
        .expect(status: 65, messages: "cannot read 'cat.png'")
      try workspace.run("poisoned.attack=sig", "poisoned.picture=pictures", "--only", "poisoned").expect(
        status: 65, messages: "'picture' is no setting of the attack 'sig', but of trojan, blend-kitty, custom")
      try workspace.run(
        "poisoned.attack=custom", "poisoned.picture=pictures", "--only", "poisoned"
      ).expect(status: 65, messages: "stage 'poisoned' failed")
    }

    /// Two attackers with a target and a trigger each.
    @Test func severalAttackers() throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.write(
        """
        include test.pipeline

        each number = 1 2

        stage both : poison
            images <- poisoned
            attack = sig
            target = 4
            rate   = 50%

        stage shown : trigger
            images   <- test
            poisoned <- both
            attacker = $number
        """, to: "both.pipeline")
      let outcome = try workspace.winnow(["run", "both.pipeline"] + (1...2).flatMap { ["--only", "shown[number=\($0)]"] })
      outcome.expect()
      #expect(
        outcome.output.contains(
          "15 of 300 images poisoned with sig, target '4'; 42 by 2 attackers in all"))
      let root = try workspace.artifact("both", of: "both").root
      let truth = try root.group("truth")
      let attackers = try truth.read("attacker", as: Int.self)
      let first = try Workspace.reference.artifact("poisoned").root.read("truth/attacker", as: Int.self)
      #expect(attackers.count { $0 == 1 } == 27 && attackers.count { $0 == 2 } == 15)
      #expect(zip(first, attackers).allSatisfy { $0 == 0 || $0 == $1 })
      let (original, given) = (
        try truth.read("original_labels", as: Int.self), try root.read("labels", as: Int.self)
      )
      for index in 0..<300 {
        #expect(given[index] == (attackers[index] == 1 ? 0 : original[index]))
        if attackers[index] == 2 { #expect(original[index] == 4) }
      }
      for (number, attack, target) in [(1, "badnets-all2one", 0), (2, "sig", 4)] {
        let shown = try workspace.artifact("shown[number=\(number)]", of: "both").root
        #expect(try shown.attribute("attack", as: String.self) == attack)
        #expect(try shown.attribute("target_class", as: Int.self) == target)
      }
      try workspace.write(
        try String(contentsOf: workspace.folder.appending(path: "both.pipeline"), encoding: .utf8)
          .replacing("each number = 1 2", with: "each number = 3"), to: "third.pipeline")
      try workspace.winnow(["run", "third.pipeline", "--only", "shown[number=3]"]).expect(
        status: 65, messages: "there is no attacker 3 of ", "which 2 have poisoned")
    }

    @Test func moreThanThereIs() throws {
      try Workspace(copyOf: .reference).run(
        "poisoned.attack=sig", "poisoned.rate=20%", "poisoned.rate-base=all", "--only", "poisoned"
      ).expect(
        status: 65, messages: "60 images are to be poisoned, but the attack may poison only 30; lower the "
          + "rate, or take it of the candidates")
    }

    @Test func perturbedImagesAreMissing() throws {
      try Workspace(copyOf: .reference).run("poisoned.attack=cl", "--only", "poisoned").expect(
        status: 65, messages: "test.pipeline:7:7: error: 'attack = cl' needs the input 'perturbed'",
        "no other stage here produces 'perturbed images'; one of kind 'perturb' would")
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
