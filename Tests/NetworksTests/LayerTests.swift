import Compute
import HDF5
import Networks
import Testing

@Suite struct LayerTests {
  @Test(arguments: [false, true]) func batchNormalization(rectifies: Bool) throws {
    let reference = try Reference("normalization/\(rectifies ? 1 : 0)")
    let layer = BatchNormalization(
      name: "bn", channels: 19, maximumRows: 45, context: ExecutionContext())
    layer.scale.load(try reference.floats("scale"), into: layer.scale.values)
    layer.shift.load(try reference.floats("shift"), into: layer.shift.values)
    let input = FloatBuffer(try reference.channelsLast("input"))
    let residual = FloatBuffer(try reference.channelsLast("residual"))
    let output = FloatBuffer(count: input.count)
    layer.forward(
      rows: 45, input: input.pointer, residual: residual.pointer, output: output.pointer,
      rectifies: rectifies, training: true)
    expectClose(output.array, try reference.channelsLast("output"), within: 1e-6, "output")
    expectClose(
      layer.runningMean.array, try reference.floats("running_mean"), within: 1e-6, "mean")
    expectClose(
      layer.runningVariance.array, try reference.floats("running_variance"), within: 1e-6,
      "variance")

    let outputGradient = FloatBuffer(try reference.channelsLast("output_gradient"))
    let inputGradient = FloatBuffer(count: input.count)
    layer.backward(
      rows: 45, input: input.pointer, output: rectifies ? UnsafePointer(output.pointer) : nil,
      outputGradient: outputGradient.pointer, inputGradient: inputGradient.pointer)
    expectClose(
      inputGradient.array, try reference.channelsLast("input_gradient"), within: 1e-5, "input")
    expectClose(
      outputGradient.array, try reference.channelsLast("residual_gradient"), within: 1e-6,
      "residual")
    expectClose(
      layer.scale.gradient.array, try reference.floats("scale_gradient"), within: 1e-5, "scale")
    expectClose(
      layer.shift.gradient.array, try reference.floats("shift_gradient"), within: 1e-5, "shift")

    layer.forward(
      rows: 45, input: input.pointer, residual: residual.pointer, output: output.pointer,
      rectifies: rectifies, training: false)
    expectClose(output.array, try reference.channelsLast("evaluated"), within: 1e-6, "evaluated")
  }

  @Test func maxPooling() throws {
    let reference = try Reference("max_pooling")
    let layer = MaxPooling(
      batch: 3, inputHeight: 7, inputWidth: 8, channels: 17, context: ExecutionContext())
    let input = FloatBuffer(try reference.channelsLast("input"))
    let outputGradient = FloatBuffer(try reference.channelsLast("output_gradient"))
    let output = FloatBuffer(count: outputGradient.count)
    layer.forward(images: 3, input: input.pointer, output: output.pointer)
    #expect(output.array == (try reference.channelsLast("output")))
    let inputGradient = FloatBuffer(count: input.count)
    layer.backward(
      images: 3, outputGradient: outputGradient.pointer, inputGradient: inputGradient.pointer)
    // Ties go to the first place of the window, as in PyTorch.
    expectClose(
      inputGradient.array, try reference.channelsLast("input_gradient"), within: 1e-6, "gradient")
  }

  @Test func notANumberSurvivesPooling() {
    let layer = MaxPooling(
      batch: 1, inputHeight: 4, inputWidth: 4, channels: 1, context: ExecutionContext())
    let input = FloatBuffer(count: 16)
    input.pointer[5] = .nan
    let output = FloatBuffer(count: 4)
    layer.forward(images: 1, input: input.pointer, output: output.pointer)
    #expect(output.array.allSatisfy { $0.isNaN })
  }
}
