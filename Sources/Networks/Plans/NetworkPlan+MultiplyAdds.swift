extension NetworkPlan {
  /// Multiplications with an addition each in the convolutions and linear layers, for one image from the input
  /// to the taps; by the definition of the layers, however they are computed.
  package var multiplyAdds: Double {
    entries.reduce(0) { sum, entry in
      switch entry.operation {
      case .convolution(let settings):
        let inputs = entries[entry.inputs[0]].shape.channels
        return sum + Double(entry.shape.count) * Double(inputs * settings.kernel * settings.kernel)
      case .linear:
        return sum + Double(entry.shape.count) * Double(entries[entry.inputs[0]].shape.count)
      default: return sum
      }
    }
  }
}
