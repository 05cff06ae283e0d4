import Networks
import ONNX
import SwiftProtobuf
import SystemPackage
import TestSupport
import Testing

/// Files that were written, read again and run.
@Suite struct ONNXModelTests {
  private func graph(_ bytes: [UInt8]) throws -> ONNXGraphProto {
    try ONNXModelProto(serializedBytes: bytes).graph
  }

  private func check(_ example: ExampleNetwork, scales: [String: Float] = [:]) throws {
    var model = example.model
    model.scales = scales
    let results = try GraphInterpreter.run(
      graph(model.bytes(tensor: example.tensor)), ["pixels": example.pictures()])
    try example.expectClose(#require(results[example.output.rawValue]))
  }

  /// The definitions of ONNX's operators give the network's numbers.
  @Test(arguments: Example.allCases) func givesTheSameNumbers(_ example: Example) throws {
    try check(example.network)
  }

  @Test func everyOperation() throws {
    let example = Example.rareOperations
    example.network.setScale("scale", to: 0.25)
    try check(example, scales: ["scale": 0.25])
    // The same graph, read where it is a map.
    let spread = ExampleNetwork(example.network.plan, output: "spread")
    try check(spread)
  }

  /// What the file says of itself, and every node with what it takes.
  @Test func nodes() throws {
    var description = Example.resnet.network.model
    description.properties = [("architecture", "resnet18")]
    description.producerVersion = "1"
    let bytes = try description.bytes(tensor: Example.resnet.network.tensor)
    #expect(try description.bytes(tensor: Example.resnet.network.tensor) == bytes)
    let model = try ONNXModelProto(serializedBytes: bytes)
    #expect(model.irVersion == 8 && model.opsetImport.map(\.version) == [17] && model.producerName == "winnow")
    #expect(model.metadataProps.map { "\($0.key)=\($0.value)" } == ["architecture=resnet18"])
    func text(_ info: ONNXValueInfoProto) -> String {
      let sizes = info.type.tensorType.shape.dim.map { $0.dimParam.isEmpty ? "\($0.dimValue)" : $0.dimParam }
      return "\(info.name) [\(sizes.joined(separator: ", "))] \(info.docString)\n"
    }
    let nodes = model.graph.node.map { node in
      let settings = node.attribute.map { attribute in
        "\(attribute.name)=\(attribute.ints.isEmpty ? "\(attribute.i)" : "\(attribute.ints)")"
      }
      let words = [node.name, "=", node.opType, node.input.joined(separator: ", ")] + settings
      return words.joined(separator: " ") + "\n"
    }
    let constants = model.graph.initializer.map { "\($0.name) \($0.dims)\n" }
    try checkGolden(
      (model.graph.input.map(text) + nodes + model.graph.output.map(text) + constants).joined(),
      against: FilePath(#filePath).removingLastComponent().appending("Fixtures/resnet18.txt"))
  }

  @Test func whatIsMissing() throws {
    let example = Example.resnet.network
    #expect(throws: ONNXError.missingTensor("bn1.running_var")) {
      try example.model.bytes { $0 == "bn1.running_var" ? nil : example.tensor($0) }
    }
    #expect(throws: ONNXError.otherShape(tensor: "conv1.weight", found: [1], expected: [6, 3, 3, 3])) {
      try example.model.bytes {
        $0 == "conv1.weight" ? ModelTensor(shape: [1], values: [0]) : example.tensor($0)
      }
    }
    let noEmbeddings = ONNXModel(
      example.network.plan, outputs: [.embeddings], normalization: example.normalization)
    #expect(throws: ONNXError.noTap("embeddings")) { try noEmbeddings.bytes(tensor: example.tensor) }
  }
}
