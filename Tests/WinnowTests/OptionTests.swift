import Foundation
import HDF5
import Testing

extension CommandTests {
  /// Ways through the stages that the other tests do not go.
  @Suite struct Options {
    private func metrics(_ stage: String, _ workspace: Workspace) throws -> [String: Double] {
      let group = try workspace.artifact(stage).root.group("metrics")
      return try Dictionary(uniqueKeysWithValues: group.names.map { ($0, try group.readScalar($0)) })
    }

    /// Every class gets the next one's label: no target class, and no image left out.
    @Test func allToAll() throws {
      let workspace = try Workspace(copyOf: .reference)
      let outcome = try workspace.run("poisoned.attack=badnets-all2all", "rounds=1")
      outcome.expect()
      #expect(outcome.output.contains("100 of 100 test images triggered"))
      let metrics = try metrics("after", workspace)
      #expect(metrics["test_target_accuracy"] == nil)
      #expect(metrics["test_accuracy_without_target"] == metrics["test_accuracy"])
      let triggered = try workspace.artifact("triggered").root
      let (labels, wanted) = (
        try triggered.read("labels", as: Int.self), try triggered.read("attacker_labels", as: Int.self)
      )
      #expect(wanted == labels.map { ($0 + 1) % 10 })
      let truth = try workspace.artifact("poisoned").root.group("truth")
      #expect(try truth.read("is_poisoned", as: UInt8.self).count { $0 == 1 } == 30)
    }

    /// The published recipe.
    @Test func alternatingRepair() throws {
      let workspace = try Workspace(copyOf: .reference)
      let outcome = try workspace.run(
        "--only", "after", "poisoned.attack=blend-strip", "split.select=published",
        "repaired.order=alternate", "repaired.ascent=unbounded", "repaired.learning-rate=1e-4",
        "repaired.augment=rotate20-flip", "rounds=2", "backdoored.epochs=1", "backdoored.stem=plain",
        "backdoored.width=3", "backdoored.normalization=cifar10")
      outcome.expect()
      let history = try workspace.artifact("repaired").root.group("history")
      #expect(try history.names.contains("unlearn_learning_rate"))
      let losses = try history.read("unlearn_loss", as: Double.self)
      #expect(losses.count == 2)
      #expect(losses[1] > losses[0], "the ascent goes up")
    }

    /// A model says when the images are not of its kind.
    @Test func imagesOfAnotherKind() throws {
      let workspace = try Workspace(copyOf: .reference)
      let pixels = [UInt8](repeating: 7, count: 40 * 20 * 20)
      try TestData.write(
        [
          "t10k-images-idx3-ubyte": TestData.idx([0, 0, 8, 3], [40, 20, 20], pixels),
          "t10k-labels-idx1-ubyte": TestData.idx([0, 0, 8, 1], [40], (0..<40).map { $0 % 10 }),
        ], to: workspace.folder.appending(path: "other"))
      let outcome = try workspace.run("--only", "before", "test.path=other")
      outcome.expect(
        status: 65, messages: "stage 'before' failed: the model was trained for images of 32×32×3",
        "20×20×1")
    }
  }

  /// What 'load' makes of the formats, beyond what the readers do.
  @Suite struct Loading {
    private func load(
      _ files: [String: Data], _ parameters: String...
    ) throws -> (root: HDF5.Group, outcome: Outcome) {
      let workspace = try Workspace()
      try TestData.write(files, to: workspace.folder.appending(path: "images"))
      let lines = (["path = images", "split = train"] + parameters).map { "    \($0)\n" }.joined()
      try workspace.write("stage set : load\n" + lines)
      let outcome = try workspace.run()
      outcome.expect()
      return (try workspace.artifact("set").root, outcome)
    }

    private static let grey: [String: Data] = [
      "train-images-idx3-ubyte": TestData.idx(
        [0, 0, 8, 3], [30, 28, 28], (0..<(30 * 784)).map { UInt8($0 % 251) + 1 }),
      "train-labels-idx1-ubyte": TestData.idx([0, 0, 8, 1], [30], (0..<30).map { 2 * ($0 % 3) }),
    ]

    /// Grey images of 28x28 stay what they are.
    @Test func greyImages() throws {
      let (root, outcome) = try load(Self.grey)
      let images = try root.dataset("images")
      #expect(images.shape == [30, 28, 28, 1])
      #expect(try images.attribute("channels", as: String.self) == "grey")
      #expect(try images.read(as: UInt8.self) == (0..<(30 * 784)).map { UInt8($0 % 251) + 1 })
      #expect(try root.read("labels", as: Int.self) == (0..<30).map { 2 * ($0 % 3) })
      #expect(outcome.output.contains("30 images of 28×28×1 in 5 classes"))
      #expect(outcome.output.contains("warning: no image of: 1, 3\n"))
    }

    /// Where somebody asks for it, they get three equal channels and a black border.
    @Test func greyImagesInColour() throws {
      let images = try load(Self.grey, "channels = colour", "border = 2").root.dataset("images")
      #expect(images.shape == [30, 32, 32, 3])
      let pixels = try images.read(as: UInt8.self)
      for row in 0..<32 {
        for column in 0..<32 {
          let isInside = (2..<30).contains(row) && (2..<30).contains(column)
          let value = isInside ? UInt8(((row - 2) * 28 + column - 2) % 251) + 1 : 0
          let place = (row * 32 + column) * 3
          #expect(Array(pixels[place..<place + 3]) == [value, value, value])
        }
      }
    }

    /// 0.299 · 200 + 0.587 · 100 + 0.114 · 50 is 124.2, and 0.299 · 255 is 76.245.
    @Test func coloursInGrey() throws {
      func planes(_ colour: [UInt8]) -> [UInt8] { colour.flatMap { [UInt8](repeating: $0, count: 1024) } }
      let records = Data([0, 1] + planes([200, 100, 50]) + [0, 2] + planes([255, 0, 0]))
      let images = try load(["train.bin": records], "channels = grey").root.dataset("images")
      #expect(images.shape == [2, 32, 32, 1])
      let pixels = try images.read(as: UInt8.self)
      #expect(pixels[..<1024].allSatisfy { $0 == 124 } && pixels[1024...].allSatisfy { $0 == 76 })
    }

    @Test func aSubsetHasTheSameSharesOfEachClass() throws {
      let first = try load(Self.grey, "count = 12").root
      #expect(try first.read("labels", as: Int.self) == (0..<12).map { 2 * ($0 % 3) }, "the first of each")
      let random = try load(Self.grey, "count = 12", "seed = 1").root
      let labels = try random.read("labels", as: Int.self)
      #expect([0, 2, 4].map { label in labels.count { $0 == label } } == [4, 4, 4])
      #expect(try random.read("images", as: UInt8.self) != first.read("images", as: UInt8.self))
      let all = try load(Self.grey, "count = 30", "seed = 1").root
      #expect(try all.read("labels", as: Int.self) == (0..<30).map { 2 * ($0 % 3) })
    }

    @Test func fineLabels() throws {
      var records = Data()
      for index in 0..<20 {
        records += [UInt8(index % 5), UInt8(5 * index)] + [UInt8](repeating: 9, count: 3072)
      }
      let root = try load(["train.bin": records]).root
      #expect(try root.read("labels", as: Int.self) == (0..<20).map { 5 * $0 })
      #expect(try root.readStrings("class_names").count == 100)
    }
  }
}

extension TestData {
  /// An IDX file: magic number, big-endian sizes, bytes.
  static func idx(_ magic: [UInt8], _ sizes: [Int], _ bytes: [UInt8]) -> Data {
    Data(magic + sizes.flatMap { size in [24, 16, 8, 0].map { UInt8(size >> $0 & 0xFF) } } + bytes)
  }
}
