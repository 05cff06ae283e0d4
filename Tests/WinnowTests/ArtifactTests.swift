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

    /// Every column of every history is a metric that says what it is.
    @Test(arguments: ["warmup", "fine_tuned", "backdoored", "repaired"])
    func historiesAreOfDeclaredMetrics(stage: String) throws {
      let history = try Workspace.reference.artifact(stage).root.group("history")
      for name in try history.names {
        let column = try history.dataset(name)
        #expect(try column.attribute("definition", as: String.self).count > 20, "\(name)")
      }
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
