import Foundation
import HDF5
import Testing

extension CommandTests {
  /// What other programs find in the files.
  @Suite struct Artifacts {
    @Test func images() throws {
      let root = try Workspace.reference.artifact("train").root
      let images = try root.dataset("images")
      #expect(images.shape == [300, 32, 32, 3])
      #expect(try images.attribute("axes", as: String.self) == "image, row, column, channel")
      #expect(try root.read("labels", as: Int.self) == (0..<300).map { $0 % 10 })
      // The first record's first pixel, plane by plane in the file, channel by channel here.
      let file = try #require(TestData.files["data_batch_1.bin"])
      let pixels = try images.read(as: UInt8.self)
      #expect(Array(pixels[..<3]) == [file[1], file[1 + 1024], file[1 + 2048]])
    }

    @Test func detection() throws {
      let root = try Workspace.reference.artifact("detection").root
      #expect(try root.attribute("has_truth", as: String.self) == "yes")
      #expect(try root.attribute("poisoned_total", as: Int.self) == 27)
      let metrics = try root.group("metrics")
      #expect(
        try metrics.names == [
          "auroc", "clean_precision", "clean_recall", "false_positive_rate", "poisoned_precision",
          "poisoned_recall",
        ])
      // 60 of the 300 images are named clean, 15 poisoned; 27 are.
      func count(_ name: String, of total: Double) throws -> Double {
        (try metrics.readScalar(name, as: Double.self)) * total
      }
      #expect(try abs(count("clean_precision", of: 60) - count("clean_recall", of: 273)) < 1e-9)
      #expect(try abs(count("poisoned_precision", of: 15) - count("poisoned_recall", of: 27)) < 1e-9)
      #expect(
        try abs(15 - count("poisoned_recall", of: 27) - count("false_positive_rate", of: 273)) < 1e-9)
      let precision = try metrics.dataset("poisoned_precision")
      #expect(try precision.attribute("title", as: String.self) == "precision of the poisoned set")
      #expect(try precision.attribute("unit", as: String.self) == "share from 0 to 1")
    }

    @Test func evaluationAgreesWithItsPredictions() throws {
      let root = try Workspace.reference.artifact("before").root
      let predictions = try root.read("predictions", as: Int.self)
      let labels = try Workspace.reference.artifact("test").root.read("labels", as: Int.self)
      let hits = zip(predictions, labels).count { $0 == $1 }
      #expect(try root.readScalar("metrics/test_accuracy", as: Double.self) == Double(hits) / 100)
      #expect(try root.read("class_correct", as: Int.self).reduce(0, +) == hits)
      let triggered = try root.read("triggered_predictions", as: Int.self)
      let successes = triggered.count { $0 == 0 }
      #expect(
        try root.readScalar("metrics/attack_success_rate", as: Double.self) == Double(successes) / 90)
      let triggeredSet = try Workspace.reference.artifact("triggered").root
      let originals = try triggeredSet.read("original_indices", as: Int.self)
      #expect(
        try root.readScalar("metrics/attack_success_floor", as: Double.self)
          == Double(originals.count { predictions[$0] == 0 }) / 90)
      let truth = try triggeredSet.read("labels", as: Int.self)
      #expect(
        try root.readScalar("metrics/robust_accuracy", as: Double.self)
          == Double(zip(triggered, truth).count { $0 == $1 }) / 90)
    }

    /// A row for each model, the metrics of its evaluation, and its accuracy on each class.
    @Test func summary() throws {
      let root = try Workspace.reference.artifact("summary").root
      #expect(try root.readStrings("rows") == ["before", "after"])
      for name in try root.group("metrics").names {
        let values = try root.read("metrics/\(name)", as: Double.self)
        for (stage, value) in zip(["before", "after"], values) {
          let evaluation = try Workspace.reference.artifact(stage).root
          #expect(try evaluation.readScalar("metrics/\(name)", as: Double.self) == value, "\(name)")
        }
      }
      #expect(try root.group("metrics").names.count == 6)
      let shares = try root.read("class_accuracy", as: Double.self)
      let correct = try ["before", "after"].flatMap { stage in
        try Workspace.reference.artifact(stage).root.read("class_correct", as: Int.self)
      }
      // Ten test images of each class.
      #expect(shares == correct.map { Double($0) / 10 })
    }

    /// Every column of every history is a metric that says what it is.
    @Test(arguments: ["warmup", "fine_tuned", "backdoored", "repaired"])
    func historiesAreOfDeclaredMetrics(stage: String) throws {
      let history = try Workspace.reference.artifact(stage).root.group("history")
      for name in try history.names {
        let column = try history.dataset(name)
        #expect(try column.attribute("definition", as: String.self).count > 20, "\(name)")
      }
    }

    @Test func repairRecordsEveryRound() throws {
      let history = try Workspace.reference.artifact("repaired").root.group("history")
      let names = try history.names
      for name in ["relearn_loss", "unlearn_loss", "test_accuracy", "attack_success_rate", "learning_rate"] {
        #expect(names.contains(name))
      }
      for name in names { #expect(try history.dataset(name).shape == [3]) }
      // The last round is the model that is kept.
      let after = try Workspace.reference.artifact("after").root
      #expect(
        try history.read("test_accuracy", as: Double.self).last
          == after.readScalar("metrics/test_accuracy", as: Double.self))
    }

    @Test func provenance() throws {
      let root = try Workspace.reference.artifact("split").root
      #expect(try root.attribute("provenance.kind", as: String.self) == "split")
      let parameters = try root.attribute("provenance.parameters", as: [String].self)
      #expect(parameters.contains("clean = 0.2"))
      #expect(try root.attribute("provenance.inputs", as: [String].self).count == 2)
    }

    /// The names and shapes of `resnet18().state_dict()`, with another width and ten classes, so that
    /// `load_state_dict(strict=True)` takes them.
    @Test(arguments: [("warmup", 4), ("fine_tuned", 4), ("backdoored", 6), ("repaired", 6)])
    func weightsHavePyTorchsNames(stage: String, width: Int) throws {
      var expected: [String: [Int]] = [:]
      func normalization(_ name: String, _ channels: Int) {
        for part in ["weight", "bias", "running_mean", "running_var"] {
          expected["\(name).\(part)"] = [channels]
        }
        expected["\(name).num_batches_tracked"] = []
      }
      expected["conv1.weight"] = [width, 3, 3, 3]
      normalization("bn1", width)
      for (layer, (inputs, outputs)) in [(1, 1), (1, 2), (2, 4), (4, 8)].enumerated() {
        for block in 0...1 {
          let name = "layer\(layer + 1).\(block)"
          let before = (block == 0 ? inputs : outputs) * width
          expected["\(name).conv1.weight"] = [outputs * width, before, 3, 3]
          expected["\(name).conv2.weight"] = [outputs * width, outputs * width, 3, 3]
          normalization("\(name).bn1", outputs * width)
          normalization("\(name).bn2", outputs * width)
        }
        if layer > 0 {
          expected["layer\(layer + 1).0.downsample.0.weight"] = [outputs * width, inputs * width, 1, 1]
          normalization("layer\(layer + 1).0.downsample.1", outputs * width)
        }
      }
      expected["fc.weight"] = [10, 8 * width]
      expected["fc.bias"] = [10]
      #expect(expected.count == 122)

      let weights = try Workspace.reference.artifact(stage).root.group("state_dict")
      #expect(try weights.names == expected.keys.sorted())
      for name in try weights.names {
        let dataset = try weights.dataset(name)
        #expect(dataset.shape == expected[name], "\(name)")
        if name.hasSuffix("num_batches_tracked") {
          #expect(dataset.elementType == .int64)
          #expect(try weights.readScalar(name, as: Int.self) > 0)
        } else {
          #expect(dataset.elementType == .float32)
        }
      }
    }
  }
}
