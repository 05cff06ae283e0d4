/// VGG-19 with batch normalisation under torchvision's names (method 9.5).
///
/// Its features are the input of the last linear layer: 4096 numbers at the published width of 64.
package enum VGG19BN: Architecture {
  package static let name = "vgg19-bn"
  package static let summary = "VGG-19 with batch normalisation: sixteen 3x3 convolutions, three linear layers"
  package static let publishedWidth = 64
  package static let stems: [Stem] = [.large, .plain]
  package static let classifier = Classifier(
    name: "classifier.6", weight: .normal(deviation: 0.01), bias: .constant(0))

  /// Convolutions in each stage, and their channels in multiples of the width.
  private static let stages = [(2, 1), (2, 2), (4, 4), (4, 8), (4, 8)]

  package static func addFeatures(
    to plan: inout NetworkPlan, _ description: ModelDescription
  ) -> NetworkPlan.Node {
    addFeatures(to: &plan, description, dropout: 0.5)
  }

  /// - Parameter dropout: the probability in the linear layers, published as 0.5.
  package static func addFeatures(
    to plan: inout NetworkPlan, _ description: ModelDescription, dropout: Double
  ) -> NetworkPlan.Node {
    var x = plan.input
    // The place in torchvision's Sequential: convolution, normalisation, rectifier; a pool has one.
    var place = 0
    for (count, factor) in stages {
      for _ in 0..<count {
        x = plan.convolution(
          x, "features.\(place)", outputs: factor * description.width, kernel: 3, padding: 1,
          hasBias: true)
        x = plan.rectifier(plan.batchNormalization(x, "features.\(place + 1)"))
        place += 3
      }
      // Images smaller than 32 pixels have no room for all five pools.
      let shape = plan.shape(of: x)
      if min(shape.height, shape.width) > 1 { x = plan.maximumPooling(x, kernel: 2, stride: 2) }
      place += 1
    }
    let side = description.stem == .large ? 7 : 1
    x = plan.adaptiveAveragePooling(x, height: side, width: side)
    for layer in [0, 3] {
      x = plan.linear(
        x, "classifier.\(layer)", outputs: 64 * description.width,
        weight: .normal(deviation: 0.01), bias: .constant(0))
      x = plan.dropout(plan.rectifier(x), rate: dropout)
    }
    return x
  }
}
