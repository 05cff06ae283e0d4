import Foundation
import HDF5
import Networks
import Stages
import SystemPackage
import TestSupport
import Testing

extension CommandTests {
  /// The models of `winnow audit`: one's own, and those that it makes.
  @Suite struct AuditModelTests {
    private static let audit = ["audit", "data", "--model", "model.safetensors"] + AuditTests.quickAtFullSize

    /// A workspace with the model of its manifest in a file.
    private func workspace() throws -> (Workspace, SafetensorsText) {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.winnow(["export", "test.pipeline", "backdoored", "--to", "safetensors", "model.safetensors"])
        .expect()
      return (workspace, try SafetensorsText(Data(contentsOf: workspace.folder.appending(path: "model.safetensors"))))
    }

    /// Where nothing is named poisoned the given model is passed on, and one trained anew learns the set as it is.
    @Test func repairsAndRetrains() throws {
      let (workspace, _) = try workspace()
      let outcome = try workspace.winnow(
        Self.audit + [
          "--retrain", "extractor.epochs=1", "extractor.warmup=0", "extractor.width=2", "retrained.epochs=1",
        ])
      outcome.expect(status: 2)
      for line in [
        "no sample is named poisoned, so there is nothing to unlearn: 'repaired' is the model as it was.",
        "no sample is named poisoned, so there is nothing to unlearn: 'retrained' has learned the set as it is.",
      ] {
        #expect(outcome.output.contains(line + "\n"))
      }
      let (given, repaired) = (
        try workspace.artifact("backdoored").root.group("state_dict"),
        try workspace.artifact("repaired", of: "audit-data").root.group("state_dict")
      )
      for name in try given.names where try !given.dataset(name).shape.isEmpty {
        #expect(try repaired.read(name, as: Float.self) == given.read(name, as: Float.self), "\(name)")
      }
      // The constants that pixels are scaled by are the file's.
      let constants: [Double] = try workspace.artifact("own_model", of: "audit-data").root.attribute("mean")
      #expect(try constants == workspace.artifact("backdoored").root.attribute("mean"))

      func read(_ name: String) throws -> String {
        try String(contentsOf: workspace.folder.appending(path: AuditTests.folder + name), encoding: .utf8)
      }
      let rows = try read("suspects.csv").split(separator: "\r\n")
        .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
      #expect(rows.first?.suffix(2) == ["repaired_model_label", "retrained_model_label"])
      for (column, stage) in [(6, "repaired_labels"), (7, "retrained_labels")] {
        let labels: [Int] = try workspace.artifact(stage, of: "audit-data").root.read("predictions")
        #expect(rows.dropFirst().allSatisfy { row in Int(row[1]).map { "\(labels[$0])" } == row[column] })
      }
      let verdict = try read("verdict.json")
      try expectValid(verdict, by: AuditVerdict.schema)
      let found = try #require(try JSONSerialization.jsonObject(with: Data(verdict.utf8)) as? [String: Any])
      let models = try #require(found["models"] as? [[String: Any]])
      #expect(models.compactMap { $0["stage"] as? String } == ["own_model", "repaired", "retrained"])
      let settings = try #require(found["settings"] as? [String: Any])
      #expect((settings["model"] as? String)?.count == 64)
      #expect(settings["repair"] as? Bool == true && settings["retrain"] as? Bool == true)
      let page = try read("report.html")
      #expect(try PageCheck(page).problems == [])
      for name in ["own_model_labels", "repaired_labels", "retrained_labels"] { #expect(page.contains(name)) }
    }

    /// What does not fit is said before anything is trained.
    @Test func modelsThatDoNotFit() throws {
      let (workspace, file) = try workspace()
      func expectError(
        _ change: (inout SafetensorsText) -> Void, _ arguments: [String] = [], _ phrases: String...,
        sourceLocation: SourceLocation = #_sourceLocation
      ) throws {
        var file = file
        change(&file)
        try file.bytes().write(to: workspace.folder.appending(path: "model.safetensors"))
        let outcome = try workspace.winnow(Self.audit + arguments)
        outcome.expect(status: 65, sourceLocation: sourceLocation)
        #expect(!outcome.built.contains("first"))
        for phrase in phrases {
          #expect(outcome.messages.contains(phrase), "\(outcome.messages)", sourceLocation: sourceLocation)
        }
      }
      let stay = { (_: inout SafetensorsText) in }
      try expectError(
        stay, ["--classes", "1,2,3"], "'own_model' failed", "tells 10 classes apart, the images have 3", "--classes")
      try expectError(
        stay, ["received.size=16x16"], "trained for images of 32x32 pixels, these are 16x16", "'size = 32x32'")
      try expectError(stay, ["received.channels=grey"], "the model is for colours", "'channels = colour'")
      try expectError(stay, ["own_model.stem=plain"], "its stem is 'max-pool', and here 'stem' is 'plain'")
      try expectError({ $0.metadata["mean"] = "0.5 x 0.5" }, [], "'mean' as '0.5 x 0.5'")
      try expectError(
        { $0.rename { "module." + $0 } }, [], "no network known here", "All names begin with 'module.'")
      try expectError(
        { $0.rename { $0.replacing("fc.", with: "linear.") } }, [], "'resnet18' is nearest",
        "no tensor for 'fc.bias', 'fc.weight'", "no place for 'linear.bias', 'linear.weight'")
      try Data([0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 60))
        .write(to: workspace.folder.appending(path: "model.safetensors"))
      try workspace.winnow(Self.audit).expect(status: 65, messages: "torch.save", "can run code")
    }

    /// A model that knows few of the labels is doubted, and told in which other way it can be read.
    @Test func aModelOfAnotherOrder() throws {
      let (workspace, file) = try workspace()
      var changed = file
      changed.metadata = [:]
      // The bias of one class beyond all logits: every image is taken for it.
      let range = try changed.range("fc.bias")
      changed.data.replaceSubrange(
        range.lowerBound..<range.lowerBound + 4, with: withUnsafeBytes(of: Float(1e6).bitPattern) { Data($0) })
      try changed.bytes().write(to: workspace.folder.appending(path: "model.safetensors"))
      let outcome = try workspace.winnow(Self.audit)
      outcome.expect(status: 2)
      #expect(outcome.output.contains("warning: 'model.safetensors' gives only 10.00% of the samples their label"))
      #expect(
        outcome.output.contains(
          "try own_model.stem=plain, or own_model.stem=stride-2, or own_model.normalization=imagenet"),
        "\(outcome.output)")
    }
  }
}

/// Which network a file is for.
@Suite struct OwnModelTests {
  @Test func isRecognised() throws {
    let folder = try TemporaryFolder()
    for architecture in Architectures.all {
      for stem in architecture.stems {
        let description = ModelDescription(
          architecture: architecture, width: 2, stem: stem, classes: 3,
          image: MapShape(height: 32, width: 32, channels: 1))
        var file = SafetensorsText(shapes: description.plan.storedShapes)
        func text() throws -> String {
          try folder.write([UInt8](file.bytes()), to: "model.safetensors")
          let model = try OwnModel("a $.safetensors", at: folder.path("model.safetensors"))
          return AuditManifest(AuditSettings(path: "data", model: model)).text
        }
        // As torchvision writes it, which says no stem.
        let plain = try text()
        #expect(plain.contains("architecture  = \(architecture.name)\n"), "\(architecture) \(stem)")
        #expect(plain.contains("width         = 2\n") && plain.contains("file          = a $$.safetensors\n"))
        let isAlone = stem == .large || architecture == VGG19BN.self
        #expect(plain.contains("does not say its stem") != isAlone, "\(architecture) \(stem)")
        #expect(plain.contains("stem          = \(stem.rawValue)\n") || !isAlone)
        file.metadata["stem"] = stem.rawValue
        let said = try text()
        #expect(said.contains("stem          = \(stem.rawValue)\n") && !said.contains("does not say"))
      }
    }
  }
}

/// A safetensors file, to be changed.
struct SafetensorsText {
  private struct Tensor {
    let type: String
    let shape: [Int]
    let places: [Int]
  }

  private var tensors: [String: Tensor] = [:]
  var metadata: [String: String] = [:]
  var data: Data

  init(_ bytes: Data) throws {
    let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try #require(
      try JSONSerialization.jsonObject(with: bytes.dropFirst(8).prefix(length)) as? [String: Any])
    for (name, value) in header {
      if name == "__metadata__" {
        metadata = try #require(value as? [String: String])
      } else {
        let entry = try #require(value as? [String: Any])
        tensors[name] = Tensor(
          type: try #require(entry["dtype"] as? String), shape: try #require(entry["shape"] as? [Int]),
          places: try #require(entry["data_offsets"] as? [Int]))
      }
    }
    data = Data(bytes.dropFirst(8 + length))
  }

  /// Of zeros.
  init(shapes: [String: [Int]]) {
    var place = 0
    for (name, shape) in shapes.sorted(by: { $0.key < $1.key }) {
      let end = place + 4 * shape.reduce(1, *)
      tensors[name] = Tensor(type: "F32", shape: shape, places: [place, end])
      place = end
    }
    data = Data(count: place)
  }

  mutating func rename(_ change: (String) -> String) {
    tensors = Dictionary(uniqueKeysWithValues: tensors.map { (change($0.key), $0.value) })
  }

  func range(_ name: String) throws -> Range<Int> {
    let places = try #require(tensors[name]).places
    return places[0]..<places[1]
  }

  func bytes() throws -> Data {
    var entries: [String: Any] = tensors.mapValues {
      ["dtype": $0.type, "shape": $0.shape, "data_offsets": $0.places] as [String: Any]
    }
    if !metadata.isEmpty { entries["__metadata__"] = metadata }
    let text = try JSONSerialization.data(withJSONObject: entries)
    return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) } + text + data
  }
}
