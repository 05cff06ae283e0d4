import Images
import Networks
import SwiftProtobuf

/// A classifier or an encoder as an ONNX file, which runtimes of other makers run.
///
/// Input `pixels`: float32 `[batch, channels, height, width]`, values 0 to 255, channels red, green, blue
/// (or grey); the normalisation is part of the graph. Outputs have the names of the plan's taps: `logits`
/// is `[batch, classes]`. The batch may have any size. In evaluation: statistics are the running ones, and
/// dropout does nothing. Operator set 17, IR version 8.
package struct ONNXModel {
  package let plan: NetworkPlan
  /// What the graph gives, in this order.
  package let outputs: [Tap]
  package let normalization: Normalization
  /// What the plan's scalings multiply by, under their names; 1 for others.
  package var scales: [String: Float] = [:]
  /// What a reader finds in the model's properties.
  package var properties: [(String, String)] = []
  package var producerVersion = ""

  package static let inputName = "pixels"
  private static let (irVersion, operatorSet): (Int64, Int64) = (8, 17)

  package init(_ plan: NetworkPlan, outputs: [Tap] = [.logits], normalization: Normalization) {
    self.plan = plan
    self.outputs = outputs
    self.normalization = normalization
  }

  /// The file. Equal models give equal bytes.
  ///
  /// - Parameter tensor: the weights and running statistics under PyTorch's names, `nil` where there are none.
  /// - Throws: `ONNXError`, and what `tensor` throws.
  package func bytes(tensor: @escaping (String) throws -> ModelTensor?) throws -> [UInt8] {
    var model = ONNXModelProto()
    model.irVersion = Self.irVersion
    model.producerName = "winnow"
    model.producerVersion = producerVersion
    model.docString =
      "Input '\(Self.inputName)': float32 [batch, channels, height, width], values 0 to 255, "
      + "channels red, green, blue (or grey); the normalisation is part of the graph."
    var operators = ONNXOperatorSetIdProto()
    operators.domain = ""
    operators.version = Self.operatorSet
    model.opsetImport = [operators]
    model.metadataProps = properties.map { property in
      var entry = ONNXStringStringEntryProto()
      (entry.key, entry.value) = property
      return entry
    }
    model.graph = try graph(tensor)
    do {
      return try model.serializedBytes()
    } catch BinaryEncodingError.missingRequiredFields {
      // No field is required: the library says this of messages of more than 2 GiB, too.
      throw ONNXError.tooLarge
    }
  }

  private func graph(_ tensor: @escaping (String) throws -> ModelTensor?) throws -> ONNXGraphProto {
    var writer = GraphWriter(name: "winnow", tensor: tensor)
    var values: [GraphWriter.Value] = []
    for entry in plan.entries {
      values.append(try add(entry, to: &writer, inputs: entry.inputs.map { values[$0] }))
    }
    for tap in outputs {
      guard let index = plan.index(of: tap) else { throw ONNXError.noTap(tap.rawValue) }
      let shape = plan.entries[index].shape
      let isVector = shape.pixels == 1
      writer.addOutput(
        isVector ? writer.vector(values[index]) : writer.map(values[index]), named: tap.rawValue,
        shape: isVector ? [shape.channels] : [shape.channels, shape.height, shape.width],
        about: isVector ? "[batch, length]" : "[batch, channels, height, width]")
    }
    return writer.graph
  }

  private func add(
    _ entry: NetworkPlan.Entry, to writer: inout GraphWriter, inputs: [GraphWriter.Value]
  ) throws -> GraphWriter.Value {
    let (name, shape) = (entry.name, entry.shape)
    // Of the first input.
    let before = entry.inputs.first.map { plan.entries[$0].shape } ?? shape
    switch entry.operation {
    case .input:
      writer.addInput(
        Self.inputName, shape: [shape.channels, shape.height, shape.width],
        about: "[batch, channels, height, width], 0 to 255")
      return writer.normalization(
        GraphWriter.Value(name: Self.inputName), mean: normalization.mean,
        deviation: normalization.standardDeviation)
    case .convolution(let settings):
      return try writer.convolution(
        inputs[0], settings, named: name, inputs: before.channels, outputs: shape.channels)
    case .batchNormalization:
      return try writer.batchNormalization(inputs[0], named: name, channels: shape.channels)
    case .rectifier: return writer.rectifier(inputs[0])
    case .sigmoid: return writer.sigmoid(inputs[0])
    case .sum: return writer.sum(inputs[0], inputs[1])
    case .concatenation: return writer.concatenation(inputs)
    case .maximumPooling(let window): return writer.maximumPooling(inputs[0], window)
    case .averagePooling(let window): return writer.averagePooling(inputs[0], window)
    case .adaptiveAveragePooling:
      return writer.adaptiveAveragePooling(inputs[0], from: before, to: shape)
    case .upsampling(let factor): return writer.upsampling(inputs[0], factor: factor)
    case .padding(let top, let left, let bottom, let right):
      return writer.padding(inputs[0], top: top, left: left, bottom: bottom, right: right)
    case .linear(let hasBias, _, _):
      return try writer.linear(
        inputs[0], named: name, inputs: before.count, outputs: shape.channels, hasBias: hasBias)
    case .dropout: return inputs[0]
    case .scaling: return writer.scaling(inputs[0], named: name, by: scales[name] ?? 1)
    case .unitLength: return writer.unitLength(inputs[0])
    }
  }
}
