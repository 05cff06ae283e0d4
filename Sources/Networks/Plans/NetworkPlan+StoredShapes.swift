extension NetworkPlan {
  /// The shapes of the tensors of PyTorch's `state_dict` of the same model, by name: parameters, and running
  /// statistics, of which the counts of batches are left out.
  package var storedShapes: [String: [Int]] {
    var shapes: [String: [Int]] = [:]
    for entry in entries {
      let outputs = entry.shape.channels
      func input() -> MapShape { entries[entry.inputs[0]].shape }
      switch entry.operation {
      case .convolution(let settings):
        shapes[entry.name + ".weight"] = [outputs, input().channels, settings.kernel, settings.kernel]
        if settings.hasBias { shapes[entry.name + ".bias"] = [outputs] }
      case .batchNormalization:
        for part in ["weight", "bias", "running_mean", "running_var"] {
          shapes[entry.name + "." + part] = [outputs]
        }
      case .linear(let hasBias, _, _):
        shapes[entry.name + ".weight"] = [outputs, input().count]
        if hasBias { shapes[entry.name + ".bias"] = [outputs] }
      default: break
      }
    }
    return shapes
  }

  /// The name of the first tensor with weights, whose first axis is as long as the network is wide.
  package var firstWeightName: String? {
    entries.first { if case .convolution = $0.operation { true } else { false } }.map { $0.name + ".weight" }
  }
}
