/// ResNet-18 under torchvision's names, with stems for small images (method 9.1 to 9.4).
package enum ResNet18: Architecture {
  package static let name = "resnet18"
  package static let summary = "ResNet-18: two basic blocks in each of four stages"
  package static let publishedWidth = 64
  package static let stems: [Stem] = [.maxPooling, .plain, .strided, .large]
  package static let classifier = Classifier(name: "fc")

  package static func addFeatures(
    to plan: inout NetworkPlan, _ description: ModelDescription
  ) -> NetworkPlan.Node {
    let (width, stem) = (description.width, description.stem)
    let isLarge = stem == .large
    var x = plan.convolution(
      plan.input, "conv1", outputs: width, kernel: isLarge ? 7 : 3,
      stride: isLarge || stem == .strided ? 2 : 1, padding: isLarge ? 3 : 1)
    x = plan.rectifier(plan.batchNormalization(x, "bn1"))
    if isLarge || stem == .maxPooling {
      x = plan.maximumPooling(x, kernel: 3, stride: 2, padding: 1)
    }
    for stage in 0..<4 {
      for block in 0..<2 {
        x = addBlock(
          to: &plan, x, "layer\(stage + 1).\(block)", outputs: width << stage,
          stride: stage > 0 && block == 0 ? 2 : 1)
      }
      plan.tap(Tap(rawValue: "layer\(stage + 1)"), x)
    }
    return plan.adaptiveAveragePooling(x, height: 1, width: 1)
  }

  /// Two 3x3 convolutions and a shortcut, which is a 1x1 convolution where the size changes.
  private static func addBlock(
    to plan: inout NetworkPlan, _ x: NetworkPlan.Node, _ name: String, outputs: Int, stride: Int
  ) -> NetworkPlan.Node {
    var y = plan.convolution(
      x, name + ".conv1", outputs: outputs, kernel: 3, stride: stride, padding: 1)
    y = plan.rectifier(plan.batchNormalization(y, name + ".bn1"))
    y = plan.convolution(y, name + ".conv2", outputs: outputs, kernel: 3, padding: 1)
    y = plan.batchNormalization(y, name + ".bn2")
    var shortcut = x
    if stride != 1 || plan.shape(of: x).channels != outputs {
      shortcut = plan.convolution(
        x, name + ".downsample.0", outputs: outputs, kernel: 1, stride: stride)
      shortcut = plan.batchNormalization(shortcut, name + ".downsample.1")
    }
    return plan.rectifier(plan.sum(y, shortcut))
  }
}
