import HDF5
import Networks
import ONNX
import Pipelines
import SystemPackage

/// A model in files that other programs read.
package enum ModelExport {
  package enum Format: String, CaseIterable, Sendable {
    /// Weights: `safetensors.torch.load_file`, then `load_state_dict(..., strict=True)`.
    case safetensors
    /// Weights and computation, for onnxruntime and others; see `ONNXModel`.
    case onnx
  }

  /// The file for a model or an encoder. In safetensors, names and axis order are those of torchvision.
  ///
  /// - Throws: `ModelExportError` for an artifact without weights or a network that the format cannot hold,
  ///   `HDF5Error`.
  package static func bytes(of path: FilePath, as format: Format) throws -> [UInt8] {
    let file = try HDF5.File.open(at: path)
    guard let weights = try file.root.groupIfPresent("state_dict") else { throw ModelExportError.noWeights(path) }
    switch format {
    case .safetensors: return try safetensors(weights, metadata: metadata(file.root))
    case .onnx:
      do {
        return try onnx(file, weights)
      } catch let error as ONNXError {
        throw ModelExportError.notInONNX(path, error)
      }
    }
  }

  private static func safetensors(_ weights: HDF5.Group, metadata: [(String, String)]) throws -> [UInt8] {
    var writer = SafetensorsWriter(
      metadata: Dictionary(
        uniqueKeysWithValues: [("format", "pt"), ("made_by", "winnow \(programVersion)")] + metadata))
    for name in try weights.names {
      let dataset = try weights.dataset(name)
      if dataset.shape.isEmpty {
        writer.add(name, try weights.readScalar(name, as: Int.self))
      } else {
        writer.add(name, shape: dataset.shape, try dataset.read(as: Float.self))
      }
    }
    return try writer.bytes()
  }

  private static func onnx(_ file: HDF5.File, _ weights: HDF5.Group) throws -> [UInt8] {
    let isEncoder = try EncoderArtifact.isEncoder(file)
    let stored = try isEncoder ? EncoderArtifact.description(file) : StoredModel(file)
    let description = stored.description
    var model = ONNXModel(
      isEncoder ? description.contrastivePlan : description.plan,
      outputs: isEncoder ? [.features, .embeddings] : [.logits], normalization: stored.normalization)
    model.producerVersion = programVersion
    // The normalisation is part of the graph: what its input is, the graph says itself.
    model.properties = try metadata(file.root).filter { $0.0 != "input" }
    return try model.bytes { name in
      let name = isEncoder ? EncoderArtifact.storedName(name) : name
      guard try weights.contains(name) else { return nil }
      let dataset = try weights.dataset(name)
      return ModelTensor(shape: dataset.shape, values: try dataset.read(as: Float.self))
    }
  }

  /// What a program has to know to use the weights.
  private static func metadata(_ root: HDF5.Group) throws -> [(String, String)] {
    let words = try ["architecture", "stem", "input"].map { ($0, try root.attribute($0, as: String.self)) }
    let sizes = try ["width", "classes", "image_height", "image_width", "image_channels"].map {
      ($0, "\(try root.attribute($0, as: Int.self))")
    }
    let constants = try ["mean", "standard_deviation"].map { name in
      let values = try root.attribute(name, as: [Double].self)
      return (name, values.map { "\(Float($0))" }.joined(separator: " "))
    }
    return words + sizes + constants
  }
}

package enum ModelExportError: Error, Hashable, CustomStringConvertible, ErrorWithExitStatus {
  case noWeights(FilePath)
  case notInONNX(FilePath, ONNXError)

  package var description: String {
    switch self {
    case .noWeights(let path): "'\(path)' is no model: it has no weights to export"
    case .notInONNX(let path, let error): "'\(path)' cannot be exported to ONNX: \(error)"
    }
  }

  package var exitStatus: ExitStatus { .data }
}
