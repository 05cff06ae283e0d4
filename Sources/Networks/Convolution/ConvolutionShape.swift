/// The sizes of a convolution of square stride and padding.
public struct ConvolutionShape: Hashable, Sendable {
  /// The largest number of images in a call.
  public let batch: Int
  public let inputHeight: Int
  public let inputWidth: Int
  public let inputChannels: Int
  public let outputChannels: Int
  /// The side of the square kernel.
  public let kernel: Int
  public let stride: Int
  public let padding: Int

  public init(
    batch: Int, inputHeight: Int, inputWidth: Int, inputChannels: Int, outputChannels: Int,
    kernel: Int, stride: Int, padding: Int
  ) {
    self.batch = batch
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
  }

  public var outputHeight: Int { (inputHeight + 2 * padding - kernel) / stride + 1 }
  public var outputWidth: Int { (inputWidth + 2 * padding - kernel) / stride + 1 }
  /// Inputs to one output number.
  public var patch: Int { kernel * kernel * inputChannels }
  public var weightCount: Int { patch * outputChannels }
}
