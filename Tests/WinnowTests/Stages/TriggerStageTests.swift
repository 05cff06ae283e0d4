import Foundation
import HDF5
import Pipelines
import Stages
import SystemPackage
import Testing

extension CommandTests {
  /// The kind `trigger`.
  @Suite struct TriggerStageTests {
    private static let size = 3072

    /// A row of the first channel of an image.
    private func row(_ row: Int, of image: Int, in root: HDF5.Group) throws -> [Int] {
      let pixels = try root.read("images", as: UInt8.self)
      return (0..<32).map { Int(pixels[image * Self.size + (row * 32 + $0) * 3]) }
    }

    @Test func leavesTheTargetClassOut() throws {
      let root = try Workspace.reference.artifact("triggered").root
      #expect(try root.attribute("attack", as: String.self) == "badnets-all2one")
      #expect(try root.attribute("label_mode", as: String.self) == "all2one")
      #expect(try root.attribute("target_class", as: Int.self) == 0)
      let labels = try Workspace.reference.artifact("test").root.read("labels", as: Int.self)
      let indices = try root.read("original_indices", as: Int.self)
      #expect(indices == labels.indices.filter { labels[$0] != 0 })
      #expect(try root.read("labels", as: Int.self) == indices.map { labels[$0] })
      #expect(try root.read("attacker_labels", as: Int.self) == [Int](repeating: 0, count: 90))
      // Bottom right: 255, 0, 255.
      #expect(try row(31, of: 5, in: root)[29...] == [255, 0, 255])
    }

    /// The test face comes from the poisoned set alone: an amplitude of 60 where the training images have 40.
    @Test func testFaceOfAStoredAttack() throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.run("--only", "triggered", "poisoned.attack=sig").expect()
      let (test, triggered) = (
        try workspace.artifact("test").root, try workspace.artifact("triggered").root
      )
      let (train, poisoned) = (
        try workspace.artifact("train").root, try workspace.artifact("poisoned").root
      )
      #expect(try triggered.attribute("label_mode", as: String.self) == "clean-label")
      let original = try #require(try triggered.read("original_indices", as: Int.self).first)
      let before = try row(0, of: original, in: test)
      let after = try row(0, of: 0, in: triggered)
      // The sine is −1 at column 4 and 1 at column 12.
      #expect(after[4] == max(0, before[4] - 60) && after[12] == min(255, before[12] + 60))
      #expect(after[0] == before[0])

      let isPoisoned = try poisoned.group("truth").read("is_poisoned", as: UInt8.self)
      let index = try #require(isPoisoned.firstIndex(of: 1))
      let (clean, changed) = (try row(0, of: index, in: train), try row(0, of: index, in: poisoned))
      #expect(changed[4] == max(0, clean[4] - 40) && changed[12] == min(255, clean[12] + 40))
    }

    /// What an older or a newer version stored of the attack is an error that says so.
    @Test(arguments: ["nothing", "unknown", "damaged"]) func attacksThatAreNotKnown(_ form: String) throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.write(
        """
        include test.pipeline
        stage foreign : foreign-poison
            images <- train
            form   = \(form)
        stage other : trigger
            images   <- test
            poisoned <- foreign
        """, to: "foreign.pipeline")
      let folder = FilePath(workspace.folder.path)
      let (pipeline, _) = try Manifest.load(
        path: "foreign.pipeline", overrides: [],
        catalogue: StageCatalogue(catalogue.stages + [ForeignPoison.self]), directory: folder)
      let runner = try Runner(
        pipeline: pipeline, store: ArtifactStore(root: folder.appending("artifacts")),
        directory: folder, options: RunOptions(only: ["other"]), reporter: SilentReporter())
      let error = #expect(throws: PipelineError.self) { try runner.run() }
      #expect(try #require(error).exitStatus == .data)
      let message = "\(try #require(error))"
      #expect(message.hasPrefix("stage 'other' failed: "))
      switch form {
      case "unknown": #expect(message.contains("there is no attack 'wanet'; there are badnets-all2one, "))
      default:
        #expect(
          message.contains(
            "what is stored of the attack 'sig' is not in the form that this version knows; "
              + "make the poisoned set again"))
      }
    }
  }
}

/// A poisoned set whose attack is stored in a form that `trigger` does not know.
private enum ForeignPoison: Stage {
  enum Form: String, ParameterWord {
    case nothing, unknown, damaged

    var summary: String { rawValue }
  }

  static let images = InputDeclaration("images", ArtifactType("images"), count: .one, "Images.")
  static let form = Parameter<Form>.choice("form", "What is stored.")
  static let declaration = StageDeclaration(
    kind: "foreign-poison", version: 1, summary: "Poisons nothing.", inputs: [images],
    parameters: [form.declaration], output: ArtifactType("poisoned images"))

  static func run(_ context: StageContext) throws {
    let labels = try context.open(images).root.read("labels", as: Int.self)
    let group = try context.output.root.createGroup("truth", attributes: ["attack": "sig"])
    try group.write([Int](repeating: 0, count: labels.count), to: "attacker")
    try group.write([UInt8](repeating: 0, count: labels.count), to: "is_poisoned")
    try group.write(labels, to: "original_labels")
    switch context[form] {
    case .nothing: break
    case .unknown: try write(#"{"attack":"wanet","settings":{}}"#, to: group)
    case .damaged: try write(#"{"attack":"sig","settings":7}"#, to: group)
    }
  }

  private static func write(_ attack: String, to group: HDF5.Group) throws {
    let place = try group.createGroup("attackers/1", attributes: ["target_class": 0])
    try place.write([attack], shape: [], to: "attack_json")
  }
}
