/// DenseNet-161 under torchvision's names (method 9.6): growth 48, 96 channels at first.
///
/// The growth is half the width.
package enum DenseNet161: Architecture {
  package static let name = "densenet161"
  package static let summary = "DenseNet-161: four blocks in which every layer sees all layers before it"
  package static let publishedWidth = 96
  package static let stems: [Stem] = [.large, .plain, .maxPooling, .strided]
  package static let classifier = Classifier(name: "classifier", bias: .constant(0))

  private static let blocks = [6, 12, 36, 24]

  package static func addFeatures(
    to plan: inout NetworkPlan, _ description: ModelDescription
  ) -> NetworkPlan.Node {
    let (width, stem) = (description.width, description.stem)
    let growth = max(1, width / 2)
    let isLarge = stem == .large
    var x = convolution(
      &plan, plan.input, "features.conv0", outputs: width, kernel: isLarge ? 7 : 3,
      stride: isLarge || stem == .strided ? 2 : 1, padding: isLarge ? 3 : 1)
    x = plan.rectifier(plan.batchNormalization(x, "features.norm0"))
    if isLarge || stem == .maxPooling {
      x = plan.maximumPooling(x, kernel: 3, stride: 2, padding: 1)
    }
    for (block, layers) in blocks.enumerated() {
      var members = [x]
      for layer in 0..<layers {
        let name = "features.denseblock\(block + 1).denselayer\(layer + 1)"
        var y = plan.concatenation(members)
        y = plan.rectifier(plan.batchNormalization(y, name + ".norm1"))
        y = convolution(&plan, y, name + ".conv1", outputs: 4 * growth, kernel: 1)
        y = plan.rectifier(plan.batchNormalization(y, name + ".norm2"))
        members.append(convolution(&plan, y, name + ".conv2", outputs: growth, kernel: 3, padding: 1))
      }
      x = plan.concatenation(members)
      if block < blocks.count - 1 {
        let name = "features.transition\(block + 1)"
        x = plan.rectifier(plan.batchNormalization(x, name + ".norm"))
        x = convolution(
          &plan, x, name + ".conv", outputs: plan.shape(of: x).channels / 2, kernel: 1)
        // Images smaller than the stem needs have no room for all pools.
        let shape = plan.shape(of: x)
        if min(shape.height, shape.width) > 1 { x = plan.averagePooling(x, kernel: 2, stride: 2) }
      }
    }
    x = plan.rectifier(plan.batchNormalization(x, "features.norm5"))
    return plan.adaptiveAveragePooling(x, height: 1, width: 1)
  }

  private static func convolution(
    _ plan: inout NetworkPlan, _ x: NetworkPlan.Node, _ name: String, outputs: Int, kernel: Int,
    stride: Int = 1, padding: Int = 0
  ) -> NetworkPlan.Node {
    plan.convolution(
      x, name, outputs: outputs, kernel: kernel, stride: stride, padding: padding,
      weight: .normal(kernel: kernel, fanIn: plan.shape(of: x).channels))
  }
}
