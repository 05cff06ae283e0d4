import Compute
import Networks
import Testing

@Suite struct NetworkWideningTests {
  private func network(classes: Int, _ architecture: any Architecture.Type, use: NetworkUse = .inference) -> Network {
    let description = ModelDescription(
      architecture: architecture, width: 4, stem: .maxPooling, classes: classes,
      image: MapShape(height: 32, width: 32, channels: 3))
    return Network(description.plan, capacity: 2, context: ExecutionContext(), for: use)
  }

  private func logits(_ network: Network) -> [Float] {
    let values = HashedNumbers.values(3, count: network.input.count, bound: 1.5)
    _ = network.input.elements.update(fromContentsOf: values)
    network.forward(images: 2, mode: .evaluation)
    return network.output(.logits).values.array
  }

  /// It says what the other one says, and of each new class what that says of the class that it is a copy of.
  @Test func newClassesAreCopies() {
    for architecture in Architectures.all where architecture.stems.contains(.maxPooling) {
      let known = network(classes: 3, architecture, use: .training)
      known.initialize(seed: 4)
      for (index, normalization) in known.normalizations.enumerated() {
        for (name, values) in normalization.statistics {
          let isVariance = name.hasSuffix("var")
          for channel in 0..<values.count {
            values.pointer[channel] = isVariance ? 0.5 + Float(channel % 3) : Float(index % 2) * 0.1
          }
        }
        normalization.batchesTracked = 7
      }
      let wider = network(classes: 5, architecture)
      wider.initialize(seed: 9)
      wider.adopt(known, addingCopiesOf: [2, 0])
      let (old, new) = (logits(known), logits(wider))
      for image in 0..<2 {
        let (own, others) = (new[(image * 5)..<(image * 5 + 5)].map { $0 }, old[(image * 3)..<(image * 3 + 3)].map { $0 })
        #expect(own == others + [others[2], others[0]], "\(architecture.name)")
      }
      #expect(Set(old).count == old.count, "different classes")
      #expect(wider.normalizations.allSatisfy { $0.batchesTracked == 7 })
    }
  }
}
