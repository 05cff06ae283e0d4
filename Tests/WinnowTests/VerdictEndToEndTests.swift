import Foundation
import HDF5
import Stages
import TestSupport
import Testing

extension CommandTests {
  /// `common/verdict.pipeline` on real images, at a scale of seconds: 500 of Fashion-MNIST with a patch on some of
  /// them, and without; the first look alone.
  @Suite(
    .enabled(
      if: FileManager.default.fileExists(atPath: "/usr/share/datasets/fashion-mnist"),
      "the package dataset-fashion-mnist is not installed"))
  struct VerdictEndToEnd {
    /// Short ones.
    private static let settings = [
      "verdict_width=8", "verdict_epochs=24", "verdict_least_steps=0", "confusion_steps=280", "last_rise=20",
      "check_steps=700",
    ]

    /// For images as small as these another stem is meant, which takes four times as long.
    private static let stem = "first.stem=published"

    /// Makes a pipeline of the set, and runs it as far as a stage.
    private func run(_ stages: String, to last: String) throws -> (outcome: Outcome, workspace: Workspace) {
      let workspace = try Workspace()
      let settings = (Self.settings + ["verdict_stem=published"])
        .map { "let " + $0.replacing("=", with: " = ") }.joined(separator: "\n")
      try workspace.write(
        """
        \(settings)

        stage train : load
            path  = /usr/share/datasets/fashion-mnist
            split = train
            count = 500
            size  = 20x20

        \(stages)
        """, to: "real.pipeline")
      let outcome = try workspace.winnow(["run", "real.pipeline", "--only", last])
      outcome.expect()
      return (outcome, workspace)
    }

    private static var verdict: String {
      "include \(ShippedManifestTests.folder.appending("common/verdict.pipeline"))"
    }

    /// In an audit, of the set alone, with a repair; and whatever else has the trigger is recognised by it.
    @Test func aPatchIsNamedUnlearnedAndRecognised() throws {
      let (_, workspace) = try run(
        """
        stage received : poison
            images <- train
            attack = badnets-all2one
            rate   = 15%
        """, to: "received")
      let received = try workspace.artifact("received", of: "real").root
      let truth = try received.read("truth/is_poisoned", as: UInt8.self)
      let outcome = try workspace.winnow(
        ["audit", "artifacts/real/received.h5", "--trust-hdf5", "--quick", "--repair", "--json"] + Self.settings + [
          Self.stem, "backdoored.epochs=30", "backdoored.augment=none",
        ])
      outcome.expect(status: 1)
      try expectValid(outcome.output, by: AuditVerdict.schema)
      let verdict = try AuditVerdict(json: Data(outcome.output.utf8), at: "verdict.json")
      #expect(verdict.verdict == "poisoned")

      let flags = try workspace.artifact("first_verdict", of: "audit-received-h5").root.read("flags", as: UInt8.self)
      let named = flags.indices.filter { flags[$0] == 2 }
      let right = named.count { truth[$0] == 1 }
      #expect(truth.count { $0 == 1 } == 67 && flags.count == 500)
      #expect(Double(right) > 0.8 * 67 && Double(right) > 0.9 * Double(named.count), "\(right) of \(named.count)")

      let models = try #require(verdict.models)
      #expect(models.map(\.stage) == ["backdoored", "repaired"])
      func share(_ model: Int, _ part: KeyPath<AuditVerdict.Model, Int>, of whole: KeyPath<AuditVerdict.Model, Int>)
        -> Double
      { Double(models[model][keyPath: part]) / Double(models[model][keyPath: whole]) }
      #expect(share(0, \.poisonedAgreeing, of: \.poisoned) > 0.9)
      #expect(share(1, \.poisonedAgreeing, of: \.poisoned) < 0.3)
      #expect(share(1, \.cleanAgreeing, of: \.clean) > 0.8)
      let folder = workspace.folder.appending(path: "artifacts/audit-received-h5")
      let page = try String(contentsOf: folder.appending(path: "report.html"), encoding: .utf8)
      #expect(try PageCheck(page).problems == [])
      #expect(page.contains("of those named poisoned"))
      try expectTheTriggerIsRecognised(in: workspace, truth: truth)
    }

    /// From a fifth of the suspects networks learn what sets all of them apart from clean images of their class.
    private func expectTheTriggerIsRecognised(in workspace: Workspace, truth: [UInt8]) throws {
      // What was trained for the first look is taken up.
      let printed = try workspace.winnow(["audit", "artifacts/real/received.h5", "--trust-hdf5", "--print-manifest"])
      printed.expect()
      try workspace.write(printed.output, to: "whole.pipeline")
      let outcome = try workspace.winnow(
        ["run", "whole.pipeline", "--only", "verdict", "recognition_steps=700", "verdict.core=20%", "verdict.fewest=5"]
          + Self.settings + [Self.stem])
      outcome.expect()
      #expect(!outcome.built.contains("first") && outcome.built.contains("verdict"))
      let labels = try workspace.artifact("received", of: "real").root.read("labels", as: Int.self)
      let verdict = try workspace.artifact("verdict", of: "whole").root
      let recognized = try verdict.read("recognized", as: Double.self)
      let poison = recognized.indices.filter { truth[$0] == 1 }
      let clean = recognized.indices.filter { truth[$0] == 0 && labels[$0] == 0 }
      #expect(poison.count == 67 && clean.count == 50)
      #expect(poison.count { recognized[$0] > 0.5 } > 60 && clean.count { recognized[$0] > 0.5 } < 5)
      let flags = try verdict.read("flags", as: UInt8.self)
      #expect(poison.count { flags[$0] == 2 } > 60 && clean.count { flags[$0] == 2 } <= 1)
      #expect(try verdict.group("evidence").readStrings("state").contains("recognized"))
    }

    /// Of a clean set: nothing stands out, and a patch would have been found. The set itself comes first.
    @Test func aControlIsFound() throws {
      let (outcome, workspace) = try run(
        """
        each audited = train copy

        stage copy : controls
            images   <- train
            patch    = 15%
            placebos = 0.5

        \(Self.verdict)

        stage judged : power
            verdicts <- first_verdict[*]
            copies   <- copy
        """, to: "judged")
      #expect(
        outcome.output.contains(
          "tried with triggers of our own, in copies of the set: a patch in a corner on 15.00% of the images would "
            + "have been found"))
      let clean = try workspace.artifact("first_verdict[audited=train]", of: "real").root
      #expect(try clean.attribute("verdict", as: String.self) == "nothing-stands-out")
      #expect(try clean.read("flags", as: UInt8.self).allSatisfy { $0 != 2 })
      let root = try workspace.artifact("judged", of: "real").root
      #expect(try root.attribute("verdict", as: String.self) == "nothing-stands-out")
      let power = try root.group("power")
      #expect(try power.read("planted", as: Int.self) == [75])
      #expect(try power.read("named", as: Int.self)[0] > 60)
      #expect(try power.read("placebos", as: Int.self) == [37])
      #expect(try power.read("placebos_named", as: Int.self)[0] < 4)
      #expect(try power.read("found", as: UInt8.self) == [1])
    }
  }
}
