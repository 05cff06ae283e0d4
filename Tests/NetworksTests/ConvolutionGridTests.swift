import Compute
import Networks
import Testing

/// Every way to convolve against the definition, over a grid of shapes and at random.
@Suite struct ConvolutionGridTests {
  enum Way: String, CaseIterable {
    case direct, winograd, smallMap, chosen

    func algorithm(_ shape: ConvolutionShape, threads: Int = 2) -> (any ConvolutionAlgorithm)? {
      let context = ExecutionContext(pool: WorkerPool(threads: threads))
      switch self {
      case .direct: return DirectConvolution(shape: shape, context: context)
      case .smallMap: return SmallMapConvolution(shape: shape, context: context)
      case .winograd:
        return WinogradConvolution.canCompute(shape)
          ? WinogradConvolution(shape: shape, context: context) : nil
      case .chosen: return shape.makeAlgorithm(in: context)
      }
    }
  }

  static let channels = [(1, 1), (3, 16), (16, 16), (17, 16), (16, 33), (32, 48), (64, 64), (130, 17), (17, 130)]
  static let sizes = [(1, 1), (2, 2), (4, 4), (5, 3), (8, 8), (7, 13)]

  private func expectClose(_ way: Way, _ shape: ConvolutionShape, images: Int? = nil, seed: UInt64 = 1) {
    guard let algorithm = way.algorithm(shape) else { return }
    let worst = DirectReference(shape, images: images, seed: seed).distance(of: algorithm)
    // A handful of sums may happen to cancel all but completely.
    let tolerance = shape.weightCount < 9 ? 5e-5 : 5e-6
    #expect(worst.distance < tolerance, "\(worst.pass) of \(shape), \(way.rawValue)")
  }

  @Test(arguments: Way.allCases) func grid(way: Way) {
    for (inputs, outputs) in Self.channels {
      for (height, width) in Self.sizes {
        for (kernel, stride) in [(3, 1), (3, 2), (1, 1), (1, 2)] {
          let batch = (inputs + height) % 2 == 0 ? 2 : 1
          expectClose(
            way,
            ConvolutionShape(
              batch: batch, inputHeight: height, inputWidth: width, inputChannels: inputs,
              outputChannels: outputs, kernel: kernel, stride: stride, padding: kernel / 2))
        }
      }
    }
  }

  /// Kernels that only the general path takes, at edges of every kind.
  @Test func largeKernels() {
    for (kernel, stride) in [(5, 1), (7, 2), (7, 3), (2, 2)] {
      for padding in 0..<kernel {
        for (height, width) in [(7, 7), (8, 11), (13, 9)] {
          expectClose(
            .direct,
            ConvolutionShape(
              batch: 1 + padding % 2, inputHeight: height, inputWidth: width, inputChannels: 3,
              outputChannels: 17, kernel: kernel, stride: stride, padding: padding))
        }
      }
    }
  }

  /// Shapes with several blocks of work, and one image.
  @Test(arguments: Way.allCases) func largeOnes(way: Way) {
    for (batch, side, inputs, outputs) in [
      (1, 32, 64, 16), (9, 16, 16, 32), (20, 8, 16, 16), (67, 4, 32, 32), (70, 2, 48, 32),
      (1, 4, 256, 256), (33, 4, 130, 64), (3, 30, 3, 16),
    ] {
      for stride in [1, 2] {
        expectClose(
          way,
          ConvolutionShape(
            batch: batch, inputHeight: side, inputWidth: side, inputChannels: inputs,
            outputChannels: outputs, kernel: 3, stride: stride, padding: 1))
      }
    }
  }

  @Test(arguments: Way.allCases) func atRandom(way: Way) {
    var stream = RandomStream(seed: 7, purpose: RandomPurpose("shapes"))
    for trial in 0..<60 {
      let kernel = [1, 2, 3, 3, 3, 5, 7][stream.integer(below: 7)]
      let batch = 1 + stream.integer(below: 6)
      let shape = ConvolutionShape(
        batch: batch, inputHeight: kernel + stream.integer(below: 12),
        inputWidth: kernel + stream.integer(below: 12), inputChannels: 1 + stream.integer(below: 40),
        outputChannels: 1 + stream.integer(below: 40), kernel: kernel,
        stride: 1 + stream.integer(below: kernel == 3 ? 2 : 3), padding: stream.integer(below: kernel))
      expectClose(way, shape, images: 1 + stream.integer(below: batch), seed: UInt64(trial))
    }
  }

  /// The same bits for any number of threads.
  @Test(arguments: Way.allCases) func threadsDoNotMatter(way: Way) {
    for (batch, side, channels, stride) in [
      (9, 8, 16, 1), (9, 8, 48, 2), (70, 4, 32, 1), (3, 2, 128, 1), (2, 5, 256, 1), (3, 7, 17, 1),
    ] {
      let shape = ConvolutionShape(
        batch: batch, inputHeight: side, inputWidth: side, inputChannels: channels,
        outputChannels: channels, kernel: 3, stride: stride, padding: 1)
      let data = DirectReference(shape)
      func results(threads: Int) -> [[Float]] {
        guard let algorithm = way.algorithm(shape, threads: threads) else { return [] }
        let results = [data.output, data.inputGradient, data.weightGradient].map {
          FloatBuffer(count: $0.count)
        }
        algorithm.forward(
          images: batch, input: data.input.pointer, weights: data.weights.pointer,
          output: results[0].pointer)
        algorithm.backwardToInput(
          images: batch, outputGradient: data.outputGradient.pointer,
          weights: data.weights.pointer, inputGradient: results[1].pointer, accumulate: false)
        algorithm.backwardToWeights(
          images: batch, input: data.input.pointer, outputGradient: data.outputGradient.pointer,
          weightGradient: results[2].pointer)
        return results.map(\.array)
      }
      let expected = results(threads: 1)
      for threads in [2, 3, 16] { #expect(results(threads: threads) == expected) }
    }
  }
}
