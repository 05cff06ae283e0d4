import Pipelines
import TestSupport
import Testing

@Suite struct StageOrderTests {
  @Test func keepsTheOrderOfTheManifest() {
    #expect(StageOrder([[], [0], [], [1, 2]]).stages == [0, 1, 2, 3])
    #expect(StageOrder([[2], [], []]).stages == [1, 2, 0])
    #expect(StageOrder([]).stages == [])
  }

  @Test func findsAllCycles() {
    let order = StageOrder([[1], [2], [0], [3], [2], [6], [5, 0], []])
    #expect(order.cycles == [[0, 2, 1], [3], [5, 6]])
  }

  /// For random graphs: a valid order if and only if there is no cycle.
  @Test func randomGraphs() {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<500 {
      let count = Int.random(in: 1...12, using: &random)
      let sources = (0..<count).map { _ in
        (0..<Int.random(in: 0...2, using: &random)).map { _ in Int.random(in: 0..<count, using: &random) }
      }
      let order = StageOrder(sources)
      if order.cycles.isEmpty {
        #expect(order.stages.sorted() == Array(0..<count))
        for (place, stage) in order.stages.enumerated() {
          #expect(sources[stage].allSatisfy { order.stages[..<place].contains($0) })
        }
      }
      for cycle in order.cycles {
        for (place, stage) in cycle.enumerated() {
          let before = cycle[(place + cycle.count - 1) % cycle.count]
          #expect(sources[stage].contains(before))
        }
      }
    }
  }
}

@Suite struct SuggestionTests {
  @Test(arguments: [
    ("epoch", "epochs"), ("epohcs", "epochs"), ("Epochs", "epochs"), ("learning_rate", "learning-rate"),
    ("learn", "learning-rate"), ("start", "start "), ("lr", nil), ("colour", nil), ("x", nil), ("", nil),
  ]) func nearest(_ name: String, _ expected: String?) {
    let names = ["epochs", "learning-rate", "start ", "milestones"]
    #expect(Suggestion.nearest(to: name, among: names) == expected)
  }

  @Test(arguments: [
    ("", "", 0), ("a", "", 1), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "axc", 1), ("ca", "abc", 3),
    ("kitten", "sitting", 3),
  ]) func distance(_ first: String, _ second: String, _ expected: Int) {
    #expect(Suggestion.distance(Array(first), Array(second)) == expected)
    #expect(Suggestion.distance(Array(second), Array(first)) == expected)
  }
}

@Suite struct TextTests {
  @Test func catalogue() throws {
    let text = StageCatalogueText(ExampleStages.catalogue)
    try Golden.check(text.list, against: "Texts/stages.txt")
    for kind in ["load", "poison", "train", "evaluate", "table"] {
      let details = try #require(text.details(of: kind))
      #expect(details.split(separator: "\n").allSatisfy { $0.count <= 100 })
      try Golden.check(details, against: "Texts/stages-\(kind).txt")
    }
    #expect(text.details(of: "laod") == nil)
    #expect(text.suggestion(for: "laod") == "load")
  }

  @Test func graph() throws {
    let graph = PipelineGraphText(try Pipeline.loading(SweepTests.manifest))
    try Golden.check(graph.text, against: "Texts/graph.txt")
    try Golden.check(graph.dot, against: "Texts/graph.dot")
    let folded = PipelineGraphText(try Pipeline.loading(SweepTests.manifest), folds: true)
    try Golden.check(folded.text, against: "Texts/graph-folded.txt")
    try Golden.check(folded.dot, against: "Texts/graph-folded.dot")
  }

  /// Copies may differ in what they read: a folded stage reads all of it.
  @Test func copiesThatReadDifferentStages() throws {
    let folded = PipelineGraphText(
      try Pipeline.loading(
        """
        each received = first second

        stage first : load
            path = data

        stage second : load
            path  = data
            count = 5

        stage model : train
            images <- $received
        """), folds: true)
    #expect(folded.text.hasSuffix("model[received] x2 : train  <- images: first second"))
    #expect(!folded.text.contains("[*]"))
  }
}
