extension NetworkPlan {
  /// What a network of this plan takes, in bytes: parameters, values, and for training gradients and the
  /// optimiser's state. Scratch memory of the convolutions comes on top.
  ///
  /// Computed before anything is allocated: the system hands out memory that it does not have, and kills the
  /// process when it is used.
  ///
  /// - Parameters:
  ///   - capacity: images in a batch, every view of a sample for itself.
  ///   - taps: where losses are measured; none for a network that is only evaluated.
  ///   - optimizerStates: numbers that the optimiser keeps for each parameter.
  package func memory(
    capacity: Int, trainingAt taps: Set<Tap> = [], optimizerStates: Int = 1
  ) -> Double {
    let layout = NetworkLayout(self)
    let use: NetworkUse = taps.isEmpty ? .inference : .training
    var values = Double(ValuePlan(layout, for: use).count)
    var transient = 0.0
    for layer in layout.layers {
      let size = Double(layout.values[layer.output]?.shape.count ?? 0)
      switch layer.kind {
      // For training kept before and after normalisation.
      case .convolution(_, let normalization, _):
        transient = max(transient, size)
        if use == .training && normalization != nil { values += size }
      case .single(let node):
        switch entries[node].operation {
        case .dropout, .maximumPooling: values += use == .training ? size : 0
        default: break
        }
      case .normalization, .linear, .sum, .copy: break
      }
    }
    var perParameter = 1.0
    if !taps.isEmpty {
      let gradients = GradientPlan(layout, from: taps, toInput: false) {
        layout.hasParameters(layout.layers[$0])
      }
      values += Double(gradients.slotSizes.reduce(0, +))
      perParameter += 1 + Double(optimizerStates)
    }
    return 4
      * (perParameter * Double(parameterCount) + Double(capacity) * (values + transient))
  }

  /// Numbers in all parameters.
  package var parameterCount: Int {
    entries.reduce(0) { sum, entry in
      let outputs = entry.shape.channels
      switch entry.operation {
      case .convolution(let settings):
        let inputs = entries[entry.inputs[0]].shape.channels
        return sum + outputs * inputs * settings.kernel * settings.kernel
          + (settings.hasBias ? outputs : 0)
      case .batchNormalization: return sum + 2 * outputs
      case .linear(let hasBias, _, _):
        return sum + outputs * entries[entry.inputs[0]].shape.count + (hasBias ? outputs : 0)
      default: return sum
      }
    }
  }
}
