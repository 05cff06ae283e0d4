import Compute
import Networks

/// A ResNet-18 for images of three channels.
func resnet18(
  width: Int = 64, stem: Stem, classes: Int, height: Int = 32, imageWidth: Int = 32
) -> ModelDescription {
  ModelDescription(
    width: width, stem: stem, classes: classes,
    image: MapShape(height: height, width: imageWidth, channels: 3))
}

extension Network {
  convenience init(_ description: ModelDescription, capacity: Int, context: ExecutionContext) {
    self.init(description.plan, capacity: capacity, context: context)
  }

  var logits: FloatBuffer { output(.logits).values }
  var logitsGradient: FloatBuffer { output(.logits).gradient }
  var features: FloatBuffer { output(.features).values }
  var featuresGradient: FloatBuffer { output(.features).gradient }
  var featureCount: Int { output(.features).length }

  /// A backward pass from one tap; returns the parameters that it computes gradients for.
  @discardableResult
  func backward(images: Int, from tap: Tap) -> [NetworkParameter] {
    let pass = gradientPass(from: [tap])
    backward(images: images, pass)
    return pass.parameters
  }
}

extension Network {
  /// The encoder of contrastive learning with its projection head.
  convenience init(contrastive description: ModelDescription, capacity: Int, context: ExecutionContext) {
    self.init(description.contrastivePlan, capacity: capacity, context: context)
  }
}
