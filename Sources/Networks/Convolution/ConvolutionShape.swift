/// The sizes of a convolution of square stride and padding.
package struct ConvolutionShape: Hashable, Sendable {
  /// The largest number of images in a call.
  package let batch: Int
  package let inputHeight: Int
  package let inputWidth: Int
  package let inputChannels: Int
  package let outputChannels: Int
  /// The side of the square kernel.
  package let kernel: Int
  package let stride: Int
  package let padding: Int

  package init(
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

  package var outputHeight: Int { (inputHeight + 2 * padding - kernel) / stride + 1 }
  package var outputWidth: Int { (inputWidth + 2 * padding - kernel) / stride + 1 }
  /// Inputs to one output number.
  package var patch: Int { kernel * kernel * inputChannels }
  package var weightCount: Int { patch * outputChannels }
}
