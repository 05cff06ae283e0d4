import ArgumentParser
import Compute
import Foundation
import Networks

/// Every convolution of a network by itself, in its three passes.
struct LayersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "layers",
    abstract: "Time the convolutions of a network, pass by pass.",
    discussion: """
      Milliseconds are the shortest of several calls; GF/s count the operations of a convolution by \
      its definition, whatever the algorithm does.
      """)

  @Option(help: "Channels of the first stage.") var width = 64
  @Option(help: "Images in a batch.") var batch = 128
  @Option(help: "What stands before the stages: plain or max-pool.") var stem = Stem.plain
  @Option(help: "Threads.") var threads = 1
  @Option(help: "chosen, or one of: direct, winograd, small.") var algorithm = "chosen"
  @Option(help: "Seconds for each measure.") var seconds = 0.3

  func run() throws {
    let context = ExecutionContext(pool: WorkerPool(threads: threads))
    print("batch \(batch), \(threads) threads, ms (GF/s)")
    print("convolution".padded(28) + "  forward".padded(16) + "  to input".padded(16) + "  to weights")
    for shape in shapes {
      guard let algorithm = makeAlgorithm(shape, context) else { continue }
      let layer = Layer(shape, algorithm)
      let times = [layer.forward, layer.backwardToInput, layer.backwardToWeights].map { pass in
        Timing.shortest(for: seconds, pass)
      }
      let operations = 2 * Double(shape.batch * shape.outputHeight * shape.outputWidth * shape.weightCount)
      print(
        shape.summary.padded(28)
          + times.map { String(format: "%8.2f (%4.0f)", $0 * 1e3, operations / $0 / 1e9) }
          .joined(separator: " ") + "  " + "\(type(of: algorithm))")
    }
  }

  private func makeAlgorithm(
    _ shape: ConvolutionShape, _ context: ExecutionContext
  ) -> (any ConvolutionAlgorithm)? {
    switch algorithm {
    case "direct": DirectConvolution(shape: shape, context: context)
    case "winograd":
      WinogradConvolution.canCompute(shape) ? WinogradConvolution(shape: shape, context: context) : nil
    default: shape.makeAlgorithm(in: context)
    }
  }

  /// The different shapes of a ResNet-18's convolutions.
  private var shapes: [ConvolutionShape] {
    func shape(_ side: Int, _ inputs: Int, _ outputs: Int, kernel: Int = 3, stride: Int = 1)
      -> ConvolutionShape
    {
      ConvolutionShape(
        batch: batch, inputHeight: side, inputWidth: side, inputChannels: inputs,
        outputChannels: outputs, kernel: kernel, stride: stride, padding: kernel / 2)
    }
    var side = stem == .plain ? 32 : 16
    var result = [shape(32, 3, width), shape(side, width, width)]
    for factor in [1, 2, 4] {
      let (inputs, outputs) = (factor * width, 2 * factor * width)
      result.append(shape(side, inputs, outputs, stride: 2))
      result.append(shape(side, inputs, outputs, kernel: 1, stride: 2))
      side /= 2
      result.append(shape(side, outputs, outputs))
    }
    return result
  }
}

/// A convolution with tensors to work on.
private struct Layer {
  let shape: ConvolutionShape
  let algorithm: any ConvolutionAlgorithm
  private let input: FloatBuffer
  private let output: FloatBuffer
  private let weights: FloatBuffer

  init(_ shape: ConvolutionShape, _ algorithm: any ConvolutionAlgorithm) {
    self.shape = shape
    self.algorithm = algorithm
    func values(_ count: Int) -> FloatBuffer {
      FloatBuffer((0..<count).map { Float($0 % 61) / 61 - 0.5 })
    }
    input = values(shape.batch * shape.inputHeight * shape.inputWidth * shape.inputChannels)
    output = values(shape.batch * shape.outputHeight * shape.outputWidth * shape.outputChannels)
    weights = values(shape.weightCount)
  }

  func forward() {
    algorithm.forward(
      images: shape.batch, input: input.pointer, weights: weights.pointer, output: output.pointer)
  }

  func backwardToInput() {
    algorithm.backwardToInput(
      images: shape.batch, outputGradient: output.pointer, weights: weights.pointer,
      inputGradient: input.pointer, accumulate: false)
  }

  func backwardToWeights() {
    algorithm.backwardToWeights(
      images: shape.batch, input: input.pointer, outputGradient: output.pointer,
      weightGradient: weights.pointer)
  }
}

extension ConvolutionShape {
  fileprivate var summary: String {
    "\(kernel)x\(kernel)/\(stride) \(inputChannels)→\(outputChannels) @ \(inputHeight)x\(inputWidth)"
  }
}

extension String {
  func padded(_ length: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, length - count))
  }
}
