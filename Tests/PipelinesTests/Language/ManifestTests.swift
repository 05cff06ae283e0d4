import Pipelines
import SystemPackage
import Testing

/// What valid manifests mean.
@Suite struct ManifestTests {
  @Test func everyConstruct() throws {
    let pipeline = try Pipeline.loading(
      """
      # A comment.
      let data   = data
      let file   = $data/a   # A comment after a value.
      let source = poisoned

      stage train : load
          path  = ${file}
          split = train

      stage test:load
      \tpath=$file
        split = test
          # Spaces and tabs are the same, and a comment ends nothing.

          count=50_000
      stage poisoned : poison
        images<-train
        attack = blend
        rate   = 10%
        relabel = no
      stage model : train
        images <- $source
        milestones = 1   2
        epochs = 1_0
      stage verdict : evaluate
        model <- model
        test  <- test
      stage rows : table
        evaluations <- verdict
      """)
    #expect(
      pipeline.outline == [
        "train load count=none path=data/a split=train",
        "test load count=50000 path=data/a split=test",
        "poisoned poison attack=blend rate=0.1 relabel=no target=0 images<-train",
        "model train epochs=10 learning-rate=0.1 milestones=1 2 images<-poisoned",
        "verdict evaluate model<-model test<-test",
        "rows table evaluations<-verdict",
      ])
    #expect(pipeline.name == "x")
    #expect(pipeline.manifest == "x.pipeline")
    #expect(pipeline.index(of: "model") == 3)
    #expect(pipeline.stages[0].location == SourceLocation(file: "x.pipeline", line: 6, column: 7))
  }

  @Test func inputsMayComeLater() throws {
    let pipeline = try Pipeline.loading(
      """
      stage rows : table
        evaluations <- second first
      stage second : evaluate
        model <- model
        test <- images
      stage first : evaluate
        model <- model
        test <- images
      stage model : train
        images <- images
      stage images : load
        path = data
      stage unrelated : load
        path = data
      """)
    #expect(
      pipeline.stages.map(\.name) == [
        "images", "model", "second", "first", "rows", "unrelated",
      ])
    #expect(pipeline.stages[4].inputs == ["evaluations": [2, 3]])
  }

  @Test func dollarIsTheOnlyEscape() throws {
    let folder = try TemporaryFolder([
      "x.pipeline": """
        let one = 1
        stage images : load
            path = $$5 a#b $#${one}   # Not this.
        """,
      "$5 a#b #1": "",
    ])
    #expect(try folder.load().pipeline.stages[0].parameters["path"] == .path("$5 a#b #1"))
  }

  @Test(arguments: ["\n", "\r\n"]) func linesEndInEitherWay(_ end: String) throws {
    let lines = ["stage images : load", "    path = data", "    split = test", ""]
    let plain = try Pipeline.loading(lines.joined(separator: "\n"))
    let other = try Pipeline.loading("\u{FEFF}" + lines.joined(separator: end))
    #expect(plain.outline == other.outline)
    #expect(!other.text.contains("\u{FEFF}"))
  }

  /// Comments, blank lines and indentation do not change what is run.
  @Test func layoutMeansNothing() throws {
    let lines = [
      "let n = 3", "stage images : load", "    path = data", "stage model : train",
      "    images <- images", "    epochs = $n",
    ]
    let expected = try Pipeline.loading(lines.joined(separator: "\n")).outline
    var random = SeededGenerator(seed: 7)
    for _ in 0..<100 {
      let edited = lines.flatMap { line -> [String] in
        let isIndented = line.hasPrefix(" ")
        let indentation = String(
          repeating: Bool.random(using: &random) ? " " : "\t",
          count: isIndented ? Int.random(in: 1...5, using: &random) : 0)
        let words = line.split(separator: " ")
          .joined(separator: Bool.random(using: &random) ? " " : "  ")
        let comment = ["", " # x = 3", "   ", "\t#", "\r"].randomElement(using: &random) ?? ""
        let extra = ["", "# stage a : b", "   ", "    # epochs = 9"].randomElement(using: &random) ?? ""
        return Bool.random(using: &random)
          ? [indentation + words + comment, extra] : [indentation + words + comment]
      }
      let text = edited.joined(separator: "\n")
      #expect(try Pipeline.loading(text).outline == expected, "\(text)")
    }
  }

  @Test func warnsOfUnusedVariables() throws {
    let folder = try TemporaryFolder([
      "x.pipeline": """
        include common.pipeline
        let a = 1
        let b = $a
        let c = 3
        stage model : train
          images <- images
          epochs = $c
        """,
      "common.pipeline": "let seed = 1\nstage images : load\n  path = x.pipeline\n",
    ])
    #expect(try folder.load().warnings.map(\.kind) == [.unusedVariable("b")])
    // What a replaced value used is not called unused.
    #expect(try folder.load("model.epochs=4").warnings.map(\.kind) == [.unusedVariable("b")])
  }

  // MARK: Overrides

  static let sample = """
    let attack = badnets
    let file   = a
    let path   = data/$file
    stage images : load
        path = $path
    stage poisoned : poison
        images <- images
        attack = $attack
    """

  @Test func overrides() throws {
    let folder = try TemporaryFolder(["x.pipeline": Self.sample, "data/a": "", "data/b c": ""])
    let pipeline = try folder.load(
      "attack=blend", "file = b c", "poisoned.rate=5%", " images.split=test"
    ).pipeline
    #expect(
      pipeline.outline == [
        "images load count=none path=data/b c split=test",
        "poisoned poison attack=blend rate=0.05 relabel=yes target=0 images<-images",
      ])
    #expect(
      pipeline.text
        == Self.sample
        + "\n# command line:\nattack=blend\nfile = b c\npoisoned.rate=5%\n images.split=test\n")
  }

  @Test func overridesMayUseVariables() throws {
    let folder = try TemporaryFolder(["x.pipeline": Self.sample, "data/a": "", "data/a2": ""])
    #expect(
      try folder.load("path=data/${file}2").pipeline.stages[0].parameters["path"] == .path("data/a2"))
  }

  @Test func stageNamesWithDotsInOverrides() throws {
    let pipeline = try Pipeline.loading(
      "stage v1.5 : load\n  path = data", "v1.5.count=7")
    #expect(pipeline.stages[0].parameters["count"] == .integer(7))
  }

  // MARK: Included files

  @Test func includedFilesJoin() throws {
    let folder = try TemporaryFolder([
      "x.pipeline": """
        let data = shared
        include shared/middle.pipeline
        stage model : train
          images <- poisoned
          epochs = $epochs
        """,
      // Both ways lead to the same file: it is read once.
      "shared/middle.pipeline": """
        include base/images.pipeline
        include ../shared/base/images.pipeline
        stage poisoned : poison
          images <- images
          attack = $attack
        """,
      "shared/base/images.pipeline": """
        let epochs = 3
        let attack = sig
        stage images : load
          path = $data
        """,
    ])
    let pipeline = try folder.load("epochs=4").pipeline
    #expect(pipeline.stages.map(\.name) == ["images", "poisoned", "model"])
    #expect(pipeline.stages[2].parameters["epochs"] == .integer(4))
    #expect(pipeline.stages[0].location.file == "shared/base/images.pipeline")
    #expect(pipeline.text.contains("\n# included: shared/base/images.pipeline\nlet epochs = 3\n"))
  }

  @Test func linksDoNotHideCircles() throws {
    let folder = try TemporaryFolder([
      "x.pipeline": "include loop/x.pipeline\ninclude loop/y.pipeline\n"
    ])
    try folder.write(Array("include loop/x.pipeline\n".utf8), to: "y.pipeline")
    try folder.link("loop", to: ".")
    #expect(
      try folder.errors().map(\.kind).first
        == .includeCircle(["x.pipeline", "x.pipeline"]))
  }
}
