import Foundation
import HDF5
import TestSupport
import Testing

extension CommandTests {
  /// The kind `report`, and the page that the command writes.
  @Suite struct ReportStageTests {
    private static let stage = """
      include test.pipeline

      stage page : report
          images      <- poisoned
          scores      <- scores
          split       <- split
          detection   <- detection
          evaluations <- before after
          models      <- warmup repaired
      """

    private func page(_ workspace: Workspace, _ manifest: String, of pipeline: String) throws -> String {
      try workspace.write(manifest, to: "\(pipeline).pipeline")
      let outcome = try workspace.winnow(["run", "\(pipeline).pipeline", "--only", "page"])
      outcome.expect()
      return try workspace.artifact("page", of: pipeline).root.readString("html")
    }

    /// Everything there is: a page that asks for nothing outside, whose numbers are those of the artifacts.
    @Test func ofEverything() throws {
      let workspace = try Workspace(copyOf: .reference)
      let html = try page(workspace, Self.stage, of: "page")
      let check = try PageCheck(html)
      #expect(check.problems == [])
      // Suspects of one class at least, others, the difference.
      #expect(check.imageCount >= 3)
      // Classes, scores, receiver curve, two trainings.
      #expect(check.chartCount >= 5)
      #expect(html.contains("No verdict: 15 of 300 samples (5.00%) are named suspect"))
      #expect(html.contains("Compared with the truth"))
      let area = try workspace.artifact("detection").root.readScalar("metrics/auroc", as: Double.self)
      #expect(html.contains(String(format: "<td>%.2f%%</td>", 100 * area)))
      // The same text from the command.
      let shown = try workspace.winnow(["show", "page.pipeline", "page", "--text", "html"])
      shown.expect()
      #expect(shown.output == html)
    }

    /// Of images alone, and of nothing, there is less to say.
    @Test func ofLess() throws {
      let workspace = try Workspace(copyOf: .reference)
      let html = try page(
        workspace, "include test.pipeline\n\nstage page : report\n    images <- train\n", of: "less")
      let check = try PageCheck(html)
      #expect(check.problems == [])
      #expect(check.imageCount == 0)
      #expect(html.contains("300 of 10 classes, 32×32×3 pixels"))
      let empty = try PageCheck(page(workspace, "stage page : report\n", of: "empty"))
      #expect(empty.problems == [])
      #expect(empty.headings == ["h1"])
    }

    /// Scores that nothing was divided by are drawn without thresholds, beside the truth.
    @Test func ofScoresWithoutASplit() throws {
      let workspace = try Workspace(copyOf: .reference)
      let stage = "include test.pipeline\n\nstage page : report\n    scores <- scores\n    images <- "
      let html = try page(workspace, stage + "poisoned\n", of: "scores")
      let check = try PageCheck(html)
      #expect(check.problems == [])
      #expect(check.chartCount == 1)
      #expect(!html.contains("named clean up to"))
      try workspace.write(stage + "test\n", to: "wrong.pipeline")
      try workspace.winnow(["run", "wrong.pipeline", "--only", "page"])
        .expect(status: 65, messages: "the scores are for 300")
    }

    /// Where nobody knows the truth the page says nothing of it.
    @Test func withoutTruth() throws {
      let workspace = try Workspace(copyOf: .reference)
      try TestData.write(to: workspace.folder.appending(path: "suspect"))
      let html = try page(
        workspace,
        TestManifest.withoutTruth + """

          stage page : report
              images    <- suspect
              scores    <- scores
              split     <- split
              detection <- detection
          """, of: "unknown")
      #expect(try PageCheck(html).problems == [])
      #expect(!html.contains("Compared with the truth") && !html.contains("columns c-red\""))
      #expect(html.contains("columns c-grey\""))
    }

    /// Artifacts of different sets do not make a page.
    @Test func ofDifferentSets() throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.write(
        "include test.pipeline\n\nstage page : report\n    images <- test\n    split <- split\n", to: "wrong.pipeline")
      try workspace.winnow(["run", "wrong.pipeline", "--only", "page"])
        .expect(status: 65, messages: "the flags are for 300 images, the images for 100")
    }

    /// The command's page has the stages besides, and leaves the store as it was.
    @Test func ofAPipeline() throws {
      let workspace = try Workspace(copyOf: .reference)
      let before = try workspace.storedPaths()
      try workspace.winnow(["report", "test.pipeline", "--html", "out.html"]).expect(messages: "wrote 'out.html'")
      let html = try String(contentsOf: workspace.folder.appending(path: "out.html"), encoding: .utf8)
      let check = try PageCheck(html)
      #expect(check.problems == [])
      for stage in TestManifest.stages { #expect(html.contains("<th scope=\"row\">\(stage)</th>"), "\(stage)") }
      #expect(try workspace.storedPaths() == before)
      try workspace.winnow(["report", "test.pipeline", "--html", "no/out.html"])
        .expect(status: 73, messages: "cannot create 'no/out.html'")
    }

    @Test func ofNothingBuilt() throws {
      let workspace = try Workspace()
      try workspace.winnow(["report", "test.pipeline", "--html", "out.html"])
        .expect(status: 66, messages: "was never built")
    }
  }
}
