import Compute
import HDF5
import Networks
import Testing

@Suite struct ConvolutionTests {
  static let cases = [
    "2_8_8_16_16_3_1_1", "3_7_5_3_17_3_1_1", "2_9_9_5_4_3_2_1", "2_8_8_16_32_1_2_0",
    "1_11_13_3_8_7_2_3", "2_6_6_1_1_5_1_2", "4_2_2_32_16_3_1_1", "2_1_1_16_16_3_2_1",
    "2_6_7_16_16_1_1_0", "1_3_4_130_18_3_1_1",
  ]

  @Test(arguments: cases) func agreesWithPyTorch(name: String) throws {
    let reference = try Reference("convolution/" + name)
    let sizes = try reference.integers("shape")
    let shape = ConvolutionShape(
      batch: sizes[0], inputHeight: sizes[1], inputWidth: sizes[2], inputChannels: sizes[3],
      outputChannels: sizes[4], kernel: sizes[5], stride: sizes[6], padding: sizes[7])
    let parameter = NetworkParameter(
      name: "w", storedShape: [sizes[4], sizes[3], sizes[5], sizes[5]], layout: .convolution)
    parameter.load(try reference.floats("weight"), into: parameter.values)
    parameter.prepareGradient()
    let algorithm = shape.makeAlgorithm(in: ExecutionContext())
    let input = FloatBuffer(try reference.channelsLast("input"))
    let outputGradient = FloatBuffer(try reference.channelsLast("output_gradient"))

    let output = FloatBuffer(count: outputGradient.count)
    algorithm.forward(
      images: sizes[0], input: input.pointer, weights: parameter.values.pointer,
      output: output.pointer)
    expectClose(output.array, try reference.channelsLast("output"), within: 1e-5, "output")

    algorithm.backwardToWeights(
      images: sizes[0], input: input.pointer, outputGradient: outputGradient.pointer,
      weightGradient: parameter.gradient.pointer)
    expectClose(
      parameter.exported(parameter.gradient), try reference.floats("weight_gradient"),
      within: 1e-5, "weight gradient")

    let inputGradient = FloatBuffer(count: input.count)
    inputGradient.fill(with: 7)
    let expected = try reference.channelsLast("input_gradient")
    algorithm.backwardToInput(
      images: sizes[0], outputGradient: outputGradient.pointer,
      weights: parameter.values.pointer, inputGradient: inputGradient.pointer, accumulate: false)
    expectClose(inputGradient.array, expected, within: 1e-5, "input gradient")
    algorithm.backwardToInput(
      images: sizes[0], outputGradient: outputGradient.pointer,
      weights: parameter.values.pointer, inputGradient: inputGradient.pointer, accumulate: true)
    expectClose(
      inputGradient.array, expected.map { 2 * $0 }, within: 1e-5, "input gradient, added")
  }

  /// A call with fewer images than the batch computes what a batch of that size would.
  @Test func partialBatches() throws {
    let context = ExecutionContext(pool: WorkerPool(threads: 3))
    func shape(_ batch: Int) -> ConvolutionShape {
      ConvolutionShape(
        batch: batch, inputHeight: 6, inputWidth: 6, inputChannels: 16, outputChannels: 16,
        kernel: 3, stride: 1, padding: 1)
    }
    var stream = RandomStream(seed: 1, purpose: RandomPurpose("test"))
    let input = FloatBuffer((0..<(9 * 36 * 16)).map { _ in Float(stream.normal()) })
    let weights = FloatBuffer((0..<(9 * 256)).map { _ in Float(stream.normal()) })
    let (large, small) = (FloatBuffer(count: input.count), FloatBuffer(count: input.count))
    shape(9).makeAlgorithm(in: context).forward(
      images: 4, input: input.pointer, weights: weights.pointer, output: large.pointer)
    shape(4).makeAlgorithm(in: context).forward(
      images: 4, input: input.pointer, weights: weights.pointer, output: small.pointer)
    #expect(large.array == small.array)
    #expect(large.array[(4 * 36 * 16)...].allSatisfy { $0 == 0 })
  }
}
