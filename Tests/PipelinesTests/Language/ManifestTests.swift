import Pipelines
import SystemPackage
import TestSupport
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

  @Test func linksDoNotHideCycles() throws {
    let folder = try TemporaryFolder([
      "x.pipeline": "include loop/x.pipeline\ninclude loop/y.pipeline\n"
    ])
    try folder.write(Array("include loop/x.pipeline\n".utf8), to: "y.pipeline")
    try folder.link("loop", to: ".")
    #expect(
      try folder.errors().map(\.kind).first
        == .includeCycle(["x.pipeline", "x.pipeline"]))
  }

  // MARK: Defaults

  static let defaults = """
    let? epochs = 3
    let? rate   = ${epochs}%
    stage images : load
      path = data
    stage poisoned : poison
      images <- images
      attack = sig
      rate = $rate
    stage model : train
      images <- poisoned
      epochs = $epochs
    """

  /// Each manifest is run with `common.pipeline` as above and `settings.pipeline` with other defaults.
  @Test(arguments: [
    ("include common.pipeline", [], "3", "0.03"),
    ("let epochs = 4\ninclude common.pipeline", [], "4", "0.04"),
    ("let rate = 7%\ninclude common.pipeline", [], "3", "0.07"),
    // The command line has the last word, whoever else has set the variable.
    ("include common.pipeline", ["epochs=5"], "5", "0.05"),
    ("let epochs = 4\ninclude common.pipeline", ["epochs=5"], "5", "0.05"),
    ("include settings.pipeline\ninclude common.pipeline", ["epochs=5", "rate=1%"], "5", "0.01"),
    // Of several defaults the first one counts, and a setting above it before that.
    ("include settings.pipeline\ninclude common.pipeline", [], "8", "0.09"),
    ("include common.pipeline\ninclude settings.pipeline", [], "3", "0.03"),
    ("let? epochs = 4\ninclude settings.pipeline\ninclude common.pipeline", [], "4", "0.09"),
    ("let epochs = 4\ninclude settings.pipeline\ninclude common.pipeline", [], "4", "0.09"),
  ]) func defaults(_ text: String, _ overrides: [String], _ epochs: String, _ rate: String) throws {
    let folder = try TemporaryFolder([
      "x.pipeline": text, "common.pipeline": Self.defaults, "data/a": "",
      "settings.pipeline": "let? epochs = 8\nlet? rate = 9%\n",
    ])
    let (pipeline, warnings) = try Manifest.load(
      path: "x.pipeline", overrides: overrides, catalogue: ExampleStages.catalogue, directory: folder.path)
    #expect(warnings.isEmpty)
    #expect(pipeline.stages[1].parameters["rate"]?.canonical == rate)
    #expect(pipeline.stages[2].parameters["epochs"]?.canonical == epochs)
  }

  /// `$here` is the folder of the file that it is written in, unless a variable is called so.
  @Test(arguments: [
    ("include shared/common.pipeline", [], "shared/data"),
    ("let? place = $here/other\ninclude shared/common.pipeline", [], "./other"),
    ("let here = other\ninclude shared/common.pipeline", [], "other/data"),
    ("include shared/common.pipeline", ["place=shared/data"], "shared/data"),
  ]) func here(_ text: String, _ overrides: [String], _ path: String) throws {
    let folder = try TemporaryFolder([
      "x.pipeline": text, "shared/data/a": "", "other/data/a": "",
      "shared/common.pipeline": "let? place = $here/data\nstage images : load\n  path = $place",
    ])
    let (pipeline, warnings) = try Manifest.load(
      path: "x.pipeline", overrides: overrides, catalogue: ExampleStages.catalogue, directory: folder.path)
    #expect(warnings.isEmpty)
    #expect(pipeline.stages[0].parameters["path"] == .path(path))
  }

  /// The command line is in no folder.
  @Test func hereOnTheCommandLine() throws {
    let folder = try TemporaryFolder(["x.pipeline": "let place = data\nstage images : load\n  path = $place", "data/a": ""])
    let error = #expect(throws: ManifestError.self) { try folder.load("place=$here/data") }
    #expect(error?.diagnostics.first?.kind == .unknownVariable("here"))
  }

  @Test func sweepsTakeThePlaceOfDefaults() throws {
    let folder = try TemporaryFolder([
      "x.pipeline": "each epochs = 1 2\ninclude common.pipeline", "common.pipeline": Self.defaults,
      "data/a": "",
    ])
    #expect(
      try folder.load().pipeline.stages.map(\.name) == [
        "images", "poisoned[epochs=1]", "poisoned[epochs=2]", "model[epochs=1]", "model[epochs=2]",
      ])
    #expect(try folder.load("epochs=3").pipeline.stages.map(\.name).last == "model[epochs=3]")
  }

  /// A file with defaults is a manifest by itself, in which `let?` means `let`.
  @Test func defaultsNeedNoIncludingFile() throws {
    let folder = try TemporaryFolder(["x.pipeline": Self.defaults, "data/a": ""])
    #expect(try folder.load("rate=2%").pipeline.stages[1].parameters["rate"] == .real(0.02))
    #expect(
      try folder.load().pipeline.outline
        == Pipeline.loading(Self.defaults.replacing("let?", with: "let")).outline)
  }

  /// What only a default would use that is not taken is neither missing nor useless.
  @Test func defaultsThatAreNotTakenNeedNothing() throws {
    let folder = try TemporaryFolder([
      "x.pipeline": "let base = 3\nlet epochs = 4\ninclude common.pipeline", "data/a": "",
      "common.pipeline": """
        let? epochs = $base$nowhere
        stage images : load
          path = data
        stage model : train
          images <- images
          epochs = $epochs
        """,
    ])
    #expect(try folder.load().warnings.isEmpty)
    try folder.write(Array("let base = 3\ninclude common.pipeline".utf8), to: "x.pipeline")
    #expect(try folder.errors().map(\.kind) == [.unknownVariable("nowhere")])
  }
}
