import Foundation
import HDF5
import ONNX
import SwiftProtobuf
import Testing

extension CommandTests {
  /// `winnow export … --to onnx`; for safetensors see the kind `import`, which reads them.
  @Suite struct ExportTests {
    private func exported(_ workspace: Workspace) throws -> [UInt8] {
      try workspace.winnow(["export", "test.pipeline", "repaired", "--to", "onnx", "model.onnx"])
        .expect(messages: "wrote 'model.onnx'")
      return Array(try Data(contentsOf: workspace.folder.appending(path: "model.onnx")))
    }

    /// The graph is that of the network, and has every bit of the artifact's numbers.
    @Test func onnx() throws {
      let workspace = try Workspace(copyOf: .reference)
      let bytes = try exported(workspace)
      let model = try ONNXModelProto(serializedBytes: bytes)
      let counts = Dictionary(model.graph.node.map { ($0.opType, 1) }, uniquingKeysWith: +)
      #expect(
        counts == [
          "Sub": 1, "Div": 1, "Conv": 20, "BatchNormalization": 20, "Relu": 17, "MaxPool": 1, "Add": 8,
          "GlobalAveragePool": 1, "Flatten": 1, "Gemm": 1, "Identity": 1,
        ])
      let artifact = try workspace.artifact("repaired").root
      let weights = try artifact.group("state_dict")
      let tensors = Dictionary(uniqueKeysWithValues: model.graph.initializer.map { ($0.name, $0) })
      let names = try weights.names.filter { try !weights.dataset($0).shape.isEmpty }
      #expect(Set(tensors.keys) == Set(names + ["pixel_mean", "pixel_deviation"]))
      for name in names {
        let (tensor, dataset) = (try #require(tensors[name]), try weights.dataset(name))
        #expect(tensor.dims.map(Int.init) == dataset.shape, "\(name)")
        let expected = Data(
          try dataset.read(as: Float.self).flatMap { value in
            withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
          })
        #expect(tensor.rawData == expected, "\(name)")
      }
      let properties = Dictionary(uniqueKeysWithValues: model.metadataProps.map { ($0.key, $0.value) })
      #expect(properties["architecture"] == "resnet18" && properties["width"] == "6" && properties["input"] == nil)
      #expect(try exported(workspace) == bytes)
    }

    @Test func whatIsNoModel() throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.winnow(["export", "test.pipeline", "split", "--to", "onnx", "x.onnx"])
        .expect(status: 65, messages: "is no model: it has no weights to export")
      try workspace.winnow(["export", "test.pipeline", "repaired", "x.pt"])
        .expect(status: 64, messages: "the ending of 'x.pt' says no format")
      try workspace.winnow(["export", "test.pipeline", "repaired", "by-ending.onnx"]).expect()
      #expect(try Data(contentsOf: workspace.folder.appending(path: "by-ending.onnx")).prefix(1) == Data([8]))
      try workspace.winnow(["export", "test.pipeline", "repaired", "--to", "onx", "x.onnx"])
        .expect(status: 64, messages: "'onnx'")
    }
  }
}
