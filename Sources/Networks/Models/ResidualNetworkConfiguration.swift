/// The shape of a ResNet-18.
public struct ResidualNetworkConfiguration: Hashable, Sendable {
  /// What stands before the residual stages.
  public enum Stem: String, CaseIterable, Sendable {
    /// 3x3 convolution and 3x3 max-pooling of stride 2: the authors' CIFAR-10 network.
    case maxPooling = "max-pool"
    /// 3x3 convolution alone: the usual network for 32x32 images.
    case plain = "plain"
    /// 3x3 convolution of stride 2: as fast as max-pooling, and loses less.
    case strided = "stride-2"
    /// 7x7 convolution of stride 2 and max-pooling: the network for 224x224 images.
    case large = "imagenet"

    /// The stride of the convolution.
    public var stride: Int { self == .large || self == .strided ? 2 : 1 }
    public var hasPooling: Bool { self == .large || self == .maxPooling }
  }

  /// Channels of the first stage, 64 in the standard network; the others have 2, 4 and 8 times as many.
  public let width: Int
  public let stem: Stem
  public let classes: Int
  /// Pixels of the input.
  public let height: Int
  public let imageWidth: Int
  public let inputChannels: Int

  public init(
    width: Int = 64, stem: Stem, classes: Int, height: Int = 32, imageWidth: Int = 32,
    inputChannels: Int = 3
  ) {
    self.width = width
    self.stem = stem
    self.classes = classes
    self.height = height
    self.imageWidth = imageWidth
    self.inputChannels = inputChannels
  }

  /// The length of a feature vector.
  public var featureCount: Int { 8 * width }
}
