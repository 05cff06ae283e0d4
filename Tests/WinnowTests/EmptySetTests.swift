import HDF5
import Pipelines
import Stages
import SystemPackage
import Testing

extension CommandTests {
  /// Secure training when one of the sets that a split names is empty: what was defined happens, a warning
  /// with counts says so, and every number stays one.
  ///
  /// `split` makes no such sets but the first, so that a stage of this test's own names the samples.
  @Suite struct EmptySets {
    private static let manifest = """
      include test.pipeline

      let missing = nothing
      let loss    = ss-ctl

      stage sets : named
          images  <- poisoned
          missing = $missing

      stage extractor : contrast
          images        <- poisoned
          split         <- sets
          loss          = $loss
          width         = 2
          stem          = stride-2
          epochs        = 1
          batch         = 100
          learning-rate = 0.1
          warmup        = 0

      stage secured : train-classifier
          images        <- poisoned
          split         <- sets
          encoder       <- extractor
          epochs        = 3
          batch         = 32
          learning-rate = 0.5
      """

    /// The records of the two stages; throws what the run throws.
    private func run(
      _ workspace: Workspace, _ overrides: [String], only stage: String = "secured"
    ) throws -> (extractor: ArtifactRecord?, secured: ArtifactRecord?) {
      try workspace.write(Self.manifest, to: "empty.pipeline")
      let folder = FilePath(workspace.folder.path)
      let (pipeline, _) = try Manifest.load(
        path: "empty.pipeline", overrides: overrides,
        catalogue: StageCatalogue(catalogue.stages + [NamedSets.self]), directory: folder)
      let store = ArtifactStore(root: folder.appending("artifacts"))
      try Runner(
        pipeline: pipeline, store: store, directory: folder, options: RunOptions(only: [stage]),
        reporter: SilentReporter()
      ).run()
      return (
        try store.publishedRecord(pipeline: "empty", stage: "extractor"),
        stage == "secured" ? try store.publishedRecord(pipeline: "empty", stage: "secured") : nil
      )
    }

    private func warnings(_ record: ArtifactRecord?) throws -> [String] {
      try #require(record).notes.filter(\.isWarning).map(\.text)
    }

    /// The runner lets nothing pass that is not finite; losses that should fall do.
    private func expectLearning(
      _ workspace: Workspace, sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) throws {
      for (stage, column) in [("extractor", "contrastive_loss"), ("secured", "classifier_loss")] {
        let history = try workspace.artifact(stage, of: "empty").root.group("history")
        let values = try history.read(column, as: Double.self)
        #expect(values.allSatisfy { $0.isFinite && $0 > 0 }, sourceLocation: sourceLocation)
        if stage == "secured" { #expect(values[2] < values[0], sourceLocation: sourceLocation) }
      }
    }

    @Test func nothingMissing() throws {
      let workspace = try Workspace(copyOf: .reference)
      let records = try run(workspace, [])
      #expect(try warnings(records.extractor) == [])
      #expect(try warnings(records.secured) == [])
      let notes = try #require(records.extractor).notes.map(\.text)
      #expect(notes.first == "300 images: 150 clean, 75 uncertain, 75 poisoned")
      try expectLearning(workspace)
    }

    @Test func nothingUncertain() throws {
      let workspace = try Workspace(copyOf: .reference)
      let records = try run(workspace, ["missing=uncertain"])
      let sizes = "(225 clean, 0 uncertain, 75 poisoned)"
      #expect(
        try warnings(records.extractor)
          == ["no image is uncertain \(sizes): every error of the split counts"])
      #expect(try warnings(records.secured) == [])
      try expectLearning(workspace)
    }

    @Test func nothingPoisoned() throws {
      let workspace = try Workspace(copyOf: .reference)
      let records = try run(workspace, ["missing=poisoned"])
      let sizes = "(150 clean, 150 uncertain, 0 poisoned)"
      #expect(
        try warnings(records.extractor)
          == ["no image is named poisoned \(sizes): poisoned ones may be among the clean"])
      #expect(
        try warnings(records.secured) == ["no image is named poisoned \(sizes): 'lambda' has no effect"])
      try expectLearning(workspace)
      let before = try #require(records.secured).contentDigest
      let after = try run(workspace, ["missing=poisoned", "secured.lambda=0.9"]).secured
      #expect(after?.contentDigest == before, "lambda has no effect")
    }

    @Test func aClassWithoutCleanImages() throws {
      let workspace = try Workspace(copyOf: .reference)
      let records = try run(workspace, ["missing=clean-of-class-3"])
      let counts = try #require(records.extractor).notes.map(\.text)
      let sizes = try #require(counts.first).dropFirst("300 images: ".count)
      #expect(
        try warnings(records.extractor) == [
          "no image of 3 is named clean (\(sizes)): nothing draws such images together"
        ])
      #expect(
        try warnings(records.secured) == [
          "no image of 3 is named clean (\(sizes)): the classifier will hardly ever name such a class"
        ])
      try expectLearning(workspace)
    }

    @Test func nothingClean() throws {
      let workspace = try Workspace(copyOf: .reference)
      let semi = try run(workspace, ["missing=clean"], only: "extractor").extractor
      let sizes = "(0 clean, 225 uncertain, 75 poisoned)"
      #expect(
        try warnings(semi) == [
          "no image is named clean \(sizes): no label counts, and 'ss-ctl' is the same as 'ctl'"
        ])
      let without = try run(workspace, ["missing=clean", "loss=ctl"], only: "extractor").extractor
      #expect(without?.contentDigest == semi?.contentDigest)

      // There is nothing to learn from.
      #expect {
        try run(workspace, ["missing=clean"])
      } throws: { error in
        "\(error)"
          == "stage 'secured' failed: the set named clean is empty, so there is nothing to learn"
          && (error as? PipelineError)?.exitStatus == .data
      }
      // Cross-entropy takes all images, whatever they are named.
      let plain = try run(workspace, ["missing=clean", "secured.loss=cross-entropy"]).secured
      #expect(try warnings(plain) == [])
      try expectLearning(workspace)
    }
  }
}

/// Names samples by their number: of four, two clean, one uncertain, one poisoned. Those of a set that is
/// to be missing become another.
private enum NamedSets: Stage {
  enum Missing: String, ParameterWord {
    case nothing, uncertain, poisoned, clean
    case cleanOfClass3 = "clean-of-class-3"

    var summary: String { rawValue }
  }

  static let images = InputDeclaration(
    "images", ArtifactType("images"), ArtifactType("poisoned images"), count: .one, "Images.")
  static let missing = Parameter<Missing>.choice("missing", default: .nothing, "The set that is empty.")
  static let declaration = StageDeclaration(
    kind: "named", version: 1, summary: "Names samples by their number.", inputs: [images],
    parameters: [missing.declaration], output: ArtifactType("split"))

  static func run(_ context: StageContext) throws {
    let labels = try context.open(images).root.read("labels", as: Int.self)
    let (clean, uncertain, poisoned): (UInt8, UInt8, UInt8) = (0, 1, 2)
    let flags = labels.indices.map { index in
      let flag = [clean, clean, uncertain, poisoned][index % 4]
      return switch context[missing] {
      case .nothing: flag
      case .uncertain: flag == uncertain ? clean : flag
      case .poisoned: flag == poisoned ? uncertain : flag
      case .clean: flag == clean ? uncertain : flag
      case .cleanOfClass3: flag == clean && labels[index] == 3 ? uncertain : flag
      }
    }
    try context.output.root.write(flags, to: "flags")
    try context.output.root.setAttributes([
      "clean_threshold": .double(0), "poisoned_threshold": .double(1),
    ])
  }
}
