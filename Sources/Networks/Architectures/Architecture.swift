/// A family of networks that image classifiers are made of: one type, in one file, that writes a plan.
///
/// `Architectures.all` lists them.
package protocol Architecture: Sendable {
  /// The word in manifests and artifacts.
  static var name: String { get }
  static var summary: String { get }
  /// Channels that `width` counts, in the published network.
  static var publishedWidth: Int { get }
  /// What may stand before the rest; the published one first.
  static var stems: [Stem] { get }
  /// The last linear layer.
  static var classifier: Classifier { get }

  /// Adds everything before the last linear layer and returns the features that go into it.
  static func addFeatures(to plan: inout NetworkPlan, _ description: ModelDescription) -> NetworkPlan.Node
}

/// The last linear layer of an architecture.
package struct Classifier: Sendable {
  let name: String
  /// PyTorch's default where `nil`.
  var weight: Initialization?
  var bias: Initialization?

  /// What the network calls its weights, `[classes, features]`.
  package var weightName: String { name + ".weight" }
}

/// The architectures that there are.
package enum Architectures {
  package static let all: [any Architecture.Type] = [
    ResNet18.self, VGG19BN.self, DenseNet161.self,
  ]

  package static func named(_ name: String) -> (any Architecture.Type)? {
    all.first { $0.name == name }
  }
}

/// What stands before the stages of a network.
package enum Stem: String, CaseIterable, Hashable, Sendable, Codable {
  /// 3x3 convolution and 3x3 max-pooling of stride 2: the authors' CIFAR-10 network.
  case maxPooling = "max-pool"
  /// The maps keep the size of small images.
  case plain
  /// 3x3 convolution of stride 2: as fast as max-pooling, and loses less.
  case strided = "stride-2"
  /// The published network for 224x224 images.
  case large = "imagenet"
}
