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
    private static let truth = """
      stage judged : detection
          scores <- round_4
          split  <- first_verdict
          images <- received
      """

    /// Short ones.
    private static let settings = [
      "verdict_width=8", "verdict_epochs=24", "verdict_least_steps=0", "confusion_steps=100", "last_rise=30",
      "check_steps=200",
    ]

    private func run(
      _ received: String, judged: String = truth
    ) throws -> (outcome: Outcome, workspace: Workspace) {
      let workspace = try Workspace()
      let shipped = ShippedManifestTests.folder.appending("common/verdict.pipeline")
      try workspace.write(
        """
        \(Self.settings.map { "let " + $0.replacing("=", with: " = ") }.joined(separator: "\n"))

        stage train : load
            path  = /usr/share/datasets/fashion-mnist
            split = train
            count = 500

        \(received)

        include \(shipped)

        \(judged)
        """, to: "real.pipeline")
      let outcome = try workspace.winnow(["run", "real.pipeline", "--only", "judged"])
      outcome.expect()
      return (outcome, workspace)
    }

    @Test func aPatchIsNamed() throws {
      let (outcome, workspace) = try run(
        """
        stage received : poison
            images <- train
            attack = badnets-all2one
            rate   = 15%
        """)
      #expect(outcome.output.contains("VERDICT: poisoned. "))
      let metrics = try workspace.artifact("judged", of: "real").root.group("metrics")
      #expect(try metrics.readScalar("called_poisoned", as: Double.self) == 1)
      #expect(try metrics.readScalar("poisoned_count", as: Double.self) == 67)
      #expect(try metrics.readScalar("poisoned_recall", as: Double.self) > 0.8)
      #expect(try metrics.readScalar("poisoned_precision", as: Double.self) > 0.9)
      try isUnlearned(in: workspace)
    }

    /// The same set, of which nothing is known any more, in an audit with a repair.
    private func isUnlearned(in workspace: Workspace) throws {
      let outcome = try workspace.winnow(
        ["audit", "artifacts/real/received.h5", "--trust-hdf5", "--quick", "--repair", "--json"] + Self.settings + [
          "backdoored.epochs=30", "backdoored.augment=none",
        ])
      outcome.expect(status: 1)
      try expectValid(outcome.output, by: AuditVerdict.schema)
      let verdict = try AuditVerdict(json: Data(outcome.output.utf8))
      #expect(verdict.verdict == "poisoned")
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
        """,
        judged: """
          stage judged : power
              verdicts <- first_verdict[*]
              copies   <- copy
          """)
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
