import Foundation
import HDF5
import Testing

extension CommandTests {
  /// The kind `table`: the tables of a sweep over a width, a stem and a seed, in every layout and format.
  @Suite struct TableStageTests {
    private static let pipeline = "tables"

    private static func table(_ name: String, _ lines: String...) -> String {
      "stage \(name) : table\n" + lines.map { "    \($0)\n" }.joined() + "\n"
    }

    private static let manifest =
      """
      include test.pipeline

      each size  = 2 3
      each input = stride-2 max-pool
      each seed  = 1 2

      stage model : train
          images <- poisoned
          width  = $size
          stem   = $input
          seed   = $seed
          epochs = 1
          batch  = 100

      stage evaluation : evaluate
          model     <- model
          images    <- test
          triggered <- triggered

      stage shares : split
          scores   <- scores
          images   <- poisoned
          poisoned = 5%
          clean    = 20%

      stage found : detection
          scores <- scores
          split  <- shares
          images <- poisoned


      """
      + table("first", "evaluations <- evaluation[*]")
      + table("last", "evaluations <- evaluation[*]", "rows = last", "average = no")
      + table("stages", "evaluations <- evaluation[*]", "rows = stage", "metrics = published")
      + table("all", "evaluations <- evaluation[*]", "rows = all")
      + table("splits", "evaluations <- found")
      + table(
        "beside", "evaluations <- evaluation[*]", "rows = all", "metrics = published", "published = published.txt")

    private static let published = """
      # Of the widest only, and with a metric that papers do not print.
      size  input     test_target_accuracy  attack_success_rate
      3     max-pool  81.25                 -
      3     stride-2  -                     0.06
      9     stride-2  50                    50

      """

    private static let built = Result {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.write(manifest, to: "\(pipeline).pipeline")
      try workspace.write(published, to: "published.txt")
      return (workspace: workspace, outcome: try workspace.winnow(["run", "\(pipeline).pipeline"]))
    }

    private func table(_ stage: String) throws -> HDF5.Group {
      let (workspace, outcome) = try Self.built.get()
      outcome.expect()
      return try workspace.artifact(stage, of: Self.pipeline).root
    }

    /// A metric of an evaluation, the mean over both seeds.
    private func mean(_ metric: String, _ size: String, _ input: String) throws -> Double {
      let values = try ["1", "2"].map { seed in
        try Self.built.get().workspace
          .artifact("evaluation[size=\(size),input=\(input),seed=\(seed)]", of: Self.pipeline).root
          .readScalar("metrics/\(metric)", as: Double.self)
      }
      return (values[0] + values[1]) / 2
    }

    private static let copies = [
      ("2", "stride-2"), ("2", "max-pool"), ("3", "stride-2"), ("3", "max-pool"),
    ]

    @Test(arguments: [
      ("first", "size", ["2", "3"], ["stride-2", "max-pool"], [0, 1, 2, 3]),
      ("last", "input", ["stride-2", "max-pool"], ["2", "3"], [0, 2, 1, 3]),
      (
        "stages", "stage", ["evaluation"], ["2 stride-2", "2 max-pool", "3 stride-2", "3 max-pool"],
        [0, 1, 2, 3]
      ),
      ("all", "copy", ["2 stride-2", "2 max-pool", "3 stride-2", "3 max-pool"], [""], [0, 1, 2, 3]),
    ] as [(String, String, [String], [String], [Int])])
    func layouts(
      stage: String, title: String, rows: [String], columns: [String], order: [Int]
    ) throws {
      let root = try table(stage)
      #expect(try root.dataset("rows").attribute("title", as: String.self) == title)
      #expect(try root.readStrings("rows") == rows)
      #expect(try root.readStrings("columns") == columns)
      for metric in ["test_accuracy", "attack_success_floor"] {
        #expect(try root.dataset("metrics/\(metric)").shape == [rows.count, columns.count])
        let means = try root.read("metrics/\(metric)", as: Double.self)
        for (place, index) in order.enumerated() {
          let copy = Self.copies[index]
          #expect(try abs(means[place] - mean(metric, copy.0, copy.1)) < 1e-12, "\(stage) \(metric)")
        }
        #expect(try root.read("counts/\(metric)", as: Int.self) == order.map { _ in 2 })
      }
    }

    /// The floor beside ASR, the target class beside ACC, unless the published selection is asked for.
    @Test func shownMetrics() throws {
      let full = try table("all").readString("text").split(separator: "\n")[0]
      #expect(
        full.split(separator: "  ").map { $0.trimmingCharacters(in: .whitespaces) }
          == ["copy", "ACC", "ACC w/o target", "target class", "ASR", "ASR floor", "R-ACC"])
      let published = try table("stages").readString("csv")
      #expect(published.hasPrefix("stage,2 stride-2 ACC (%),2 stride-2 ACC deviation (%),"))
      #expect(!published.contains("floor"))
      #expect(try table("stages").group("metrics").names.contains("attack_success_floor"), "kept all the same")
      #expect(try table("all").readString("text").contains("\naverage "))
      #expect(try !table("last").readString("text").contains("average"))
    }

    /// Splits have tables too, with recall beside precision.
    @Test func detection() throws {
      let csv = try table("splits").readString("csv")
      #expect(
        csv.hasPrefix(
          "stage,AUROC (%),clean precision (%),clean recall (%),poisoned precision (%),"
            + "poisoned recall (%),FPR (%)\r\nfound,"))
    }

    /// Published values are kept as numbers, and stand in the texts behind what was measured.
    @Test func publishedValues() throws {
      let root = try table("beside")
      #expect(try root.group("published").names.sorted() == ["attack_success_rate", "test_target_accuracy"])
      #expect(try root.read("published/attack_success_rate", as: Double.self) == [-1, -1, 0.0006, -1])
      #expect(try root.read("published/test_target_accuracy", as: Double.self) == [-1, -1, -1, 0.8125])
      let lines = try root.readString("csv").split(separator: "\r\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      #expect(
        lines[0].filter { !$0.contains("deviation") && !$0.contains("count") } == [
          "copy", "ACC (%)", "target class (%)", "published target class (%)", "ASR (%)", "published ASR (%)",
        ])
      #expect(lines[4].contains("81.25") && lines[3].last == "0.06" && lines[4].last == "")
      #expect(
        try Self.built.get().outcome.output
          .contains("  2 of the 3 lines of published values are for what was measured here\n"))
      #expect(try !table("all").names.contains("published"))
    }

    /// Another text makes the table stale, and nothing else; one that is wrong says where.
    @Test func changedPublishedValues() throws {
      let workspace = try Workspace(copyOf: Self.built.get().workspace)
      func winnow(_ command: String...) throws -> Outcome {
        try workspace.winnow(command + ["\(Self.pipeline).pipeline"])
      }
      try workspace.write(Self.published.replacing("0.06", with: "0.07"), to: "published.txt")
      let status = try winnow("status")
      let stale = status.output.split(separator: "\n").filter { !$0.hasPrefix("fresh") }
      #expect(stale.count == 1 && stale[0].contains("beside") && stale[0].contains("published.txt"), "\(stale)")
      try workspace.write(Self.published.replacing("0.06", with: "106"), to: "published.txt")
      let run = try winnow("run")
      #expect(run.status == 65)
      #expect(
        run.messages.contains("published.txt:4:39: '106' is not a share in percent; it goes from 0 to 100"),
        "\(run.messages)")
      try workspace.write("", to: "published.txt")
      #expect(try winnow("run").messages.contains("published.txt:1:1: there is nothing in it"))
    }

    /// What `show` prints is what is stored, to the byte.
    @Test(arguments: ["text", "csv", "markdown", "latex"]) func show(format: String) throws {
      let stored = try table("first").readString(format)
      let outcome = try Self.built.get().workspace
        .winnow(["show", "\(Self.pipeline).pipeline", "first", "--text", format])
      outcome.expect()
      #expect(outcome.output == stored)
      #expect(Array(outcome.output.utf8) == Array(stored.utf8))
    }

    @Test func notes() throws {
      let outcome = try Self.built.get().outcome
      for line in try table("first").readString("text").split(separator: "\n") {
        #expect(outcome.output.contains("  \(line)\n"))
      }
      #expect(outcome.output.contains("  means ± sample standard deviations over 'seed', 2 each\n"))
    }
  }
}
