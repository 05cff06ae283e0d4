import HDF5
import Pipelines
import SystemPackage

/// A model's weights in files that other programs read.
package enum ModelExport {
  package enum Format: String, CaseIterable, Sendable {
    /// `safetensors.torch.load_file`, then `load_state_dict(..., strict=True)`.
    case safetensors
  }

  /// The file for a model or an encoder. Names and axis order are those of torchvision.
  ///
  /// - Throws: `ModelExportError` for an artifact without weights, `HDF5Error`.
  package static func bytes(of path: FilePath, as format: Format) throws -> [UInt8] {
    let file = try HDF5.File.open(at: path)
    let root = try file.root
    guard let weights = try root.groupIfPresent("state_dict") else { throw ModelExportError.noWeights(path) }
    switch format {
    case .safetensors:
      var writer = SafetensorsWriter(metadata: try metadata(root))
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
  }

  /// What a program has to know to use the weights.
  private static func metadata(_ root: HDF5.Group) throws -> [String: String] {
    var metadata = ["format": "pt", "made_by": "winnow \(programVersion)"]
    for name in ["architecture", "stem", "input"] { metadata[name] = try root.attribute(name, as: String.self) }
    for name in ["width", "classes", "image_height", "image_width", "image_channels"] {
      metadata[name] = "\(try root.attribute(name, as: Int.self))"
    }
    for name in ["mean", "standard_deviation"] {
      let values = try root.attribute(name, as: [Double].self)
      metadata[name] = values.map { "\(Float($0))" }.joined(separator: " ")
    }
    return metadata
  }
}

package enum ModelExportError: Error, Hashable, CustomStringConvertible, ErrorWithExitStatus {
  case noWeights(FilePath)

  package var description: String {
    switch self {
    case .noWeights(let path): "'\(path)' is no model: it has no weights to export"
    }
  }

  package var exitStatus: ExitStatus { .data }
}
