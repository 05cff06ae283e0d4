/// Which network a model is: what its plans are written from, and what its artifact says of it.
package struct ModelDescription: Hashable, Sendable {
  package let architecture: any Architecture.Type
  /// Channels of the first stage; all others grow with it.
  package let width: Int
  package let stem: Stem
  package let classes: Int
  /// Of an image: `[height, width, channels]`.
  package let image: MapShape

  /// - Parameters:
  ///   - width: that of the published network where `nil`.
  ///   - stem: that of the published network where `nil`; one of `architecture.stems`.
  package init(
    architecture: any Architecture.Type = ResNet18.self, width: Int? = nil, stem: Stem? = nil,
    classes: Int, image: MapShape = MapShape(height: 32, width: 32, channels: 3)
  ) {
    self.architecture = architecture
    self.width = width ?? architecture.publishedWidth
    self.stem = stem ?? architecture.stems[0]
    self.classes = classes
    self.image = image
  }

  package static func == (a: ModelDescription, b: ModelDescription) -> Bool {
    a.architecture.name == b.architecture.name && a.width == b.width && a.stem == b.stem
      && a.classes == b.classes && a.image == b.image
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(architecture.name)
    hasher.combine(width)
    hasher.combine(stem)
    hasher.combine(classes)
    hasher.combine(image)
  }
}

extension ModelDescription {
  /// The classifier: taps `.features` and `.logits`.
  package var plan: NetworkPlan {
    var (plan, features) = featurePlan
    addClassifier(to: &plan, on: features)
    return plan
  }

  /// The name of the scale of `scaledPlan`.
  package static let featureScale = "feature_scale"

  /// The same with a scale between features and linear layer, for a classifier on a frozen encoder.
  package var scaledPlan: NetworkPlan {
    var (plan, features) = featurePlan
    addClassifier(to: &plan, on: plan.scaling(features, Self.featureScale))
    return plan
  }

  /// The encoder of contrastive learning with its projection head (method 5.2): features → linear →
  /// rectifier → linear → unit length; taps `.features` and `.embeddings`.
  ///
  /// The head has as many hidden units as there are features and a quarter as many outputs: 512 and 128
  /// for the published ResNet-18.
  package var contrastivePlan: NetworkPlan {
    var (plan, features) = featurePlan
    let length = plan.shape(of: features).count
    let hidden = plan.rectifier(plan.linear(features, Self.headPrefix + "0", outputs: length))
    let projected = plan.linear(hidden, Self.headPrefix + "2", outputs: max(1, length / 4))
    plan.tap(.embeddings, plan.unitLength(projected))
    return plan
  }

  /// What the names of the projection head begin with.
  package static let headPrefix = "head."

  private var featurePlan: (NetworkPlan, NetworkPlan.Node) {
    var plan = NetworkPlan(input: image)
    let features = architecture.addFeatures(to: &plan, self)
    plan.tap(.features, features)
    return (plan, features)
  }

  private func addClassifier(to plan: inout NetworkPlan, on features: NetworkPlan.Node) {
    let classifier = architecture.classifier
    plan.tap(
      .logits,
      plan.linear(
        features, classifier.name, outputs: classes, weight: classifier.weight,
        bias: classifier.bias))
  }

  /// Whether a parameter is one of the last linear layer.
  package func isInClassifier(_ name: String) -> Bool {
    name.hasPrefix(architecture.classifier.name + ".")
  }
}
