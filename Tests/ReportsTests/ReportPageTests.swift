import Foundation
import Reports
import SystemPackage
import TestSupport
import Testing

/// Pages: that they are well-formed, ask for nothing outside, and say what they should.
@Suite struct ReportPageTests {
  /// A report that has everything, with names that need care.
  static let contents: ReportContents = {
    var contents = ReportContents(title: "winnow: <b> & \"c\"", program: "winnow 1")
    contents.finding = Finding(
      state: .poisoned, sentence: "Poisoned: 2 of 6 samples (33.33%) are named", details: ["By given label: 'cat' 2"],
      named: 2, total: 6,
      controls: [
        .init(name: "patch", share: 0.5, planted: 3, named: 3, placebos: 3, placebosNamed: 0, isFound: true)
      ])
    contents.facts = [("manifest", "a.pipeline"), ("training set", "a folder of <odd> files")]
    contents.warnings = ["split: no sample of dog is named clean"]
    contents.classes = [
      .init(name: "cat", clean: 1, uncertain: 1, poisoned: 2), .init(name: "dog", clean: 0, uncertain: 2, poisoned: 0),
    ]
    contents.scores = .init(
      values: [0, 0.5, 1, 3, 8, 9], title: "fct (squared distance)",
      thresholds: [.init("named clean up to 0", 0), .init("named poisoned from 8", 8)])
    contents.featureMap = .init(
      groups: [
        .init(
          name: "cat", isSuspect: false, before: [ChartPoint(0, 0), ChartPoint(1, 0)],
          after: [ChartPoint(0, 1), ChartPoint(2, 0)]),
        .init(name: "poisoned", isSuspect: true, before: [ChartPoint(5, 5)], after: [ChartPoint(-3, 1)]),
      ], transformation: "rotate, then affine")
    contents.isPoisoned = [false, false, false, false, true, true]
    func picture(_ name: String) -> PagePicture {
      PagePicture(png: [1, 2, 3], width: 32, height: 32, description: "Sample \(name)", caption: name)
    }
    contents.gallery = [
      .init(
        name: "cat", named: 2, suspects: [picture("a.png"), picture("b\u{1}<.png")], others: [picture("c.png")],
        othersAreClean: true, difference: picture("2 less 1")),
      .init(name: "dog", named: 1, suspects: [picture("d.png")], others: [], othersAreClean: false, difference: nil),
    ]
    contents.galleryLeftOut = 3
    contents.detection = [MetricValue(.areaUnderCurve, 1), MetricValue(.poisonedRecall, 1)]
    contents.receiverCurve = [ChartPoint(0, 0), ChartPoint(0, 1), ChartPoint(1, 1)]
    contents.readings = [
      .init(model: "backdoored", clean: .init(count: 4, agreeing: 3), poisoned: .init(count: 2, agreeing: 2)),
      .init(model: "repaired", clean: .init(count: 0, agreeing: 0), poisoned: .init(count: 2, agreeing: 0)),
    ]
    contents.models = ResultTable(
      rowTitle: "model", rows: ["before", "after"], metrics: [.accuracy, .attackSuccess]
    ) { row, _, metric in ResultCell(metric == .accuracy ? 0.9 : [1, 0.01][row]) }
    contents.classAccuracy = ResultTable(
      rowTitle: "class", rows: ["cat", "dog"], groups: ["before", "after"], metrics: [.classAccuracy]
    ) { row, group, _ in ResultCell(0.8 + Double(row + group) / 10) }
    contents.histories = [
      .init(
        stage: "repaired", step: "round",
        columns: [
          (.accuracy, [0.8, 0.9]), (.attackSuccess, [0.5, 0.01]), (.unlearnLoss, [1, 2]), (.learningRate, [0.1, 0.2]),
        ])
    ]
    contents.stages = [
      .init(name: "train", kind: "load", inputs: [], seconds: 1.5, peakMemory: 5_000_000, size: 1_000),
      .init(name: "scores", kind: "fct", inputs: ["train"], seconds: nil, peakMemory: nil, size: nil),
    ]
    return contents
  }()

  @Test func golden() throws {
    try checkGolden(ReportPage(Self.contents).html, against: ChartTests.folder.appending("report.html"))
  }

  /// Of 200 classes the table has those alone in which something is suspect.
  @Test func manyClasses() throws {
    var contents = ReportContents(title: "many", program: "winnow 1")
    contents.classes = (0..<200).map {
      .init(name: "class \($0)", clean: 9, uncertain: $0 == 7 ? 1 : 0, poisoned: $0 == 8 ? 1 : 0)
    }
    let html = ReportPage(contents).html
    #expect(try PageCheck(html).problems == [])
    #expect(html.contains("class 7<") && html.contains("class 8<") && !html.contains("class 9<"))
    #expect(html.contains("Of 198 other classes all samples are named clean."))
    contents.classes = contents.classes.map { .init(name: $0.name, clean: 10, uncertain: 0, poisoned: 0) }
    #expect(ReportPage(contents).html.contains("Of 200 classes all samples are named clean."))
  }

  @Test func isWellFormedAndAccessible() throws {
    let page = try PageCheck(ReportPage(Self.contents).html)
    #expect(page.problems == [])
    #expect(page.imageCount == 5)
    #expect(page.chartCount == 8)
  }

  /// What is not known leaves no heading behind.
  @Test func withoutAnything() throws {
    let page = try PageCheck(ReportPage(ReportContents(title: "empty", program: "winnow 1")).html)
    #expect(page.problems == [])
    #expect(page.headings == ["h1"])
  }

  /// Where nothing is known of the truth, nothing is green or red.
  @Test func withoutTruth() {
    var contents = Self.contents
    contents.isPoisoned = nil
    contents.detection = []
    contents.receiverCurve = []
    let html = ReportPage(contents).html
    #expect(html.contains("class=\"columns c-grey\""))
    #expect(!html.contains("class=\"columns c-green\"") && !html.contains("class=\"columns c-red\""))
    #expect(!html.contains("Compared with the truth"))
  }

  /// Contrast by WCAG 2 of every text colour on both grounds, light and dark: 4.5 at least; of what is drawn, 3.
  @Test func contrast() throws {
    let html = ReportPage(Self.contents).html
    let rules = html.components(separatedBy: "@media (prefers-color-scheme:dark)")
    for css in [rules[0], rules[1].components(separatedBy: "}")[0]] {
      func luminance(_ name: String) throws -> Double {
        let value = try #require(css.components(separatedBy: "--\(name):#").dropFirst().first, "\(name)")
        let digits = value.prefix { $0.isHexDigit }
        let long = digits.count == 3 ? digits.flatMap { [$0, $0] } : Array(digits)
        let channels = try stride(from: 0, to: 6, by: 2).map { start in
          let byte = try #require(Int(String(long[start...start + 1]), radix: 16))
          let share = Double(byte) / 255
          return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
      }
      func contrast(_ a: String, _ b: String) throws -> Double {
        let (a, b) = (try luminance(a), try luminance(b))
        return (max(a, b) + 0.05) / (min(a, b) + 0.05)
      }
      for ground in ["ground", "panel"] {
        for text in ["ink", "quiet", "link", "chart-ink"] {
          #expect(try contrast(text, ground) >= 4.5, "\(text) on \(ground)")
        }
      }
      for colour in ["grey", "green", "red", "blue", "orange", "purple"] {
        #expect(try contrast("chart-\(colour)", "ground") >= 3, "\(colour)")
      }
    }
  }
}
