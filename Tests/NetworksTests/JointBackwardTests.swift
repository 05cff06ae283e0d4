import Compute
import Networks
import Testing

/// Both backward passes at once against one after the other.
@Suite struct JointBackwardTests {
  /// A gradient behind batch normalisation, and the same in front of it, written out.
  private struct Gradients {
    let behind: FloatBuffer
    let normalized: FloatBuffer
    let lines: [FloatBuffer]
    let inFront: FloatBuffer

    init(_ shape: ConvolutionShape) {
      let channels = shape.outputChannels
      let count = shape.batch * shape.outputHeight * shape.outputWidth * channels
      var stream = RandomStream(seed: 2, purpose: RandomPurpose("gradients"))
      func normal(_ count: Int) -> FloatBuffer { FloatBuffer((0..<count).map { _ in Float(stream.normal()) }) }
      behind = normal(count)
      normalized = normal(count)
      lines = (0..<3).map { _ in normal(channels) }
      inFront = FloatBuffer(count: count)
      for index in 0..<count {
        let c = index % channels
        inFront.pointer[index] = lines[2].pointer[c]
          .addingProduct(behind.pointer[index], lines[0].pointer[c])
          .addingProduct(normalized.pointer[index], lines[1].pointer[c])
      }
    }

    var map: NormalizedGradient {
      NormalizedGradient(
        gradient: behind.pointer, input: normalized.pointer, slope: lines[0].pointer,
        inputSlope: lines[1].pointer, offset: lines[2].pointer)
    }
  }

  /// Maps of whole and of broken tiles, one band and several, few and many tiles to a task.
  @Test(arguments: [
    (1, 4, 4, 16, 16), (9, 8, 8, 16, 16), (40, 16, 16, 16, 16), (3, 7, 13, 17, 33), (2, 28, 28, 16, 32),
    (5, 14, 14, 32, 32), (2, 30, 34, 48, 16), (130, 8, 8, 32, 48),
  ])
  func bitsAreThoseOfTwoPasses(batch: Int, height: Int, width: Int, inputs: Int, outputs: Int) throws {
    let shape = ConvolutionShape(
      batch: batch, inputHeight: height, inputWidth: width, inputChannels: inputs,
      outputChannels: outputs, kernel: 3, stride: 1, padding: 1)
    let data = Operands(shape)
    let gradients = Gradients(shape)
    for threads in [1, 2, 3] {
      let context = ExecutionContext(pool: WorkerPool(threads: threads))
      let algorithm = WinogradConvolution(shape: shape, context: context)
      let joint = try #require(algorithm.jointBackward)
      for accumulates in [false, true] {
        let expected = data.results()
        algorithm.backwardToWeights(
          images: batch, input: data.input.pointer, outputGradient: gradients.inFront.pointer,
          weightGradient: expected.weights.pointer)
        algorithm.backwardToInput(
          images: batch, outputGradient: gradients.inFront.pointer, weights: data.weights.pointer,
          inputGradient: expected.input.pointer, accumulate: accumulates)
        let found = data.results()
        joint.run(
          images: batch, input: data.input.pointer, outputGradient: gradients.map,
          weights: data.weights.pointer, weightGradient: found.weights.pointer,
          inputGradient: found.input.pointer, accumulate: accumulates)
        #expect(found.weights.array == expected.weights.array)
        #expect(found.input.array == expected.input.array)
        #expect(Set(found.input.array).count > 100)
      }
    }
  }

  /// Where the sums of the tasks would be large, or threads would wait, there is no such pass.
  @Test func isForFewChannelsAndThreads() {
    func hasJoint(channels: Int, threads: Int, padding: Int = 1) -> Bool {
      let shape = ConvolutionShape(
        batch: 2, inputHeight: 8, inputWidth: 8, inputChannels: channels, outputChannels: channels,
        kernel: 3, stride: 1, padding: padding)
      return WinogradConvolution(
        shape: shape, context: ExecutionContext(pool: WorkerPool(threads: threads))).jointBackward != nil
    }
    #expect(hasJoint(channels: 16, threads: 2))
    #expect(hasJoint(channels: 32, threads: 8))
    #expect(!hasJoint(channels: 64, threads: 2))
    #expect(!hasJoint(channels: 16, threads: 16))
    #expect(!hasJoint(channels: 16, threads: 2, padding: 0))
  }

  private struct Operands {
    let input: FloatBuffer
    let weights: FloatBuffer

    init(_ shape: ConvolutionShape) {
      var stream = RandomStream(seed: 3, purpose: RandomPurpose("operands"))
      func normal(_ count: Int) -> FloatBuffer { FloatBuffer((0..<count).map { _ in Float(stream.normal()) }) }
      input = normal(shape.batch * shape.inputHeight * shape.inputWidth * shape.inputChannels)
      weights = normal(shape.weightCount)
    }

    /// Room for results, of which the input's gradient begins with something.
    func results() -> (weights: FloatBuffer, input: FloatBuffer) {
      let gradient = FloatBuffer(count: input.count)
      gradient.fill(with: 0.25)
      return (FloatBuffer(count: weights.count), gradient)
    }
  }
}
