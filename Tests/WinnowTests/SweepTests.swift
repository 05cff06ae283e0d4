import Foundation
import HDF5
import Testing

extension CommandTests {
  /// What runs when the values of a sweep change, and what the table makes of its copies. (Which copies
  /// there are, in every case, is tested with the language.)
  @Suite struct Sweeps {
    private static let pipeline = "sweep"

    private static let manifest = """
      include test.pipeline

      each lambda = 0.1 0.2
      each seed   = 1 2

      stage extractor : contrast
          images        <- poisoned
          split         <- split
          width         = 2
          stem          = stride-2
          epochs        = 1
          batch         = 100
          learning-rate = 0.1
          warmup        = 0

      stage secured : train-classifier
          images        <- poisoned
          split         <- split
          encoder       <- extractor
          lambda        = $lambda
          seed          = $seed
          epochs        = 1
          batch         = 32
          learning-rate = 0.5

      stage evaluation : evaluate
          model     <- secured
          images    <- test
          triggered <- triggered

      stage table : table
          evaluations <- evaluation[*]
      """

    private func copies(_ lambdas: [String], _ seeds: [String] = ["1", "2"]) -> Set<String> {
      Set(["secured", "evaluation"].flatMap { stage in
        lambdas.flatMap { lambda in seeds.map { "\(stage)[lambda=\(lambda),seed=\($0)]" } }
      })
    }

    /// Plans and runs; the plan must have known.
    private func run(_ workspace: Workspace, _ arguments: String...) throws -> Set<String> {
      let command = ["run", "\(Self.pipeline).pipeline"] + arguments
      let plan = try workspace.winnow(command + ["--dry-run"]).output.split(separator: "\n")
      let outcome = try workspace.winnow(command)
      outcome.expect()
      let built = Set(outcome.built)
      for line in plan {
        let words = line.split(separator: " ").map(String.init)
        if words[0] == "fresh" { #expect(!built.contains(words[1]), "\(line)") }
        if words[0] == "stale" { #expect(built.contains(words[1]), "\(line)") }
      }
      return built
    }

    private func edit(_ workspace: Workspace, _ old: String, _ new: String) throws {
      let manifest = Self.manifest.replacing(old, with: new)
      try #require(manifest != Self.manifest)
      try workspace.write(manifest, to: "\(Self.pipeline).pipeline")
    }

    @Test func onlyWhatIsNewRuns() throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.write(Self.manifest, to: "\(Self.pipeline).pipeline")
      // The product of both sweeps; the extractor, which depends on neither, is one for all, and what the
      // other pipeline has built is there.
      #expect(try run(workspace) == copies(["0.1", "0.2"]).union(["extractor", "table"]))
      #expect(try run(workspace) == [])
      try expectMeans(workspace, lambdas: ["0.1", "0.2"])

      // A value more: its copies and the table. One less: the table. As it was: nothing.
      try edit(workspace, "0.1 0.2", "0.1 0.3 0.2")
      #expect(try run(workspace) == copies(["0.3"]).union(["table"]))
      try expectMeans(workspace, lambdas: ["0.1", "0.3", "0.2"])
      try edit(workspace, "0.1 0.2", "0.2")
      #expect(try run(workspace) == ["table"])
      try workspace.write(Self.manifest, to: "\(Self.pipeline).pipeline")
      #expect(try run(workspace) == [])
      try expectMeans(workspace, lambdas: ["0.1", "0.2"])

      // A parameter of the shared stage runs all of it; one of a single copy that copy alone.
      let some = try run(workspace, "secured.momentum=0.5", "--only", "evaluation[lambda=0.2,seed=1]")
      #expect(some == copies(["0.2"], ["1"]))
      #expect(
        try run(workspace, "extractor.seed=5") == copies(["0.1", "0.2"]).union(["extractor", "table"]))
    }

    /// The table names its rows by the copies, so that other names are another table, even where the copies
    /// come out the same.
    @Test func namesOfCopiesCount() throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.write(Self.manifest, to: "\(Self.pipeline).pipeline")
      _ = try run(workspace)
      try edit(workspace, "0.1 0.2", "0.2 0.1")
      #expect(try run(workspace) == ["table"])
      try expectMeans(workspace, lambdas: ["0.2", "0.1"])
      let status = try workspace.winnow(["status", "\(Self.pipeline).pipeline", "lambda=0.1 0.2"]).output
      #expect(status.contains("fresh  table"))
    }

    /// The table against the evaluations that it was made of: means and deviations over the seeds.
    private func expectMeans(
      _ workspace: Workspace, lambdas: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      let table = try workspace.artifact("table", of: Self.pipeline).root
      #expect(try table.readStrings("rows") == lambdas, sourceLocation: sourceLocation)
      for metric in ["test_accuracy", "attack_success_rate"] {
        let means = try table.read("metrics/\(metric)", as: Double.self)
        let counts = try table.read("counts/\(metric)", as: Int.self)
        #expect(counts == lambdas.map { _ in 2 }, sourceLocation: sourceLocation)
        let deviations = try table.read("deviations/\(metric)", as: Double.self)
        for (row, lambda) in lambdas.enumerated() {
          let values = try ["1", "2"].map { seed in
            try workspace.artifact("evaluation[lambda=\(lambda),seed=\(seed)]", of: Self.pipeline).root
              .readScalar("metrics/\(metric)", as: Double.self)
          }
          let (mean, half) = ((values[0] + values[1]) / 2, (values[0] - values[1]).magnitude / 2)
          #expect(abs(means[row] - mean) < 1e-12, sourceLocation: sourceLocation)
          #expect(abs(deviations[row] - half * 2.0.squareRoot()) < 1e-12, sourceLocation: sourceLocation)
        }
      }
    }
  }
}
