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
      rectifies: rectifies, mode: .training)
    expectClose(output.array, try reference.channelsLast("output"), within: 1e-6, "output")
    expectClose(
      layer.runningMean.array, try reference.floats("running_mean"), within: 1e-6, "mean")
    expectClose(
      layer.runningVariance.array, try reference.floats("running_variance"), within: 1e-6,
      "variance")

    let outputGradient = FloatBuffer(try reference.channelsLast("output_gradient"))
    let inputGradient = FloatBuffer(count: input.count)
    layer.prepareBackward()
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
      rectifies: rectifies, mode: .evaluation)
    expectClose(output.array, try reference.channelsLast("evaluated"), within: 1e-6, "evaluated")
  }

  /// A network that is one pooling.
  private func pooling(height: Int, width: Int, channels: Int, images: Int) -> Network {
    var plan = NetworkPlan(input: MapShape(height: height, width: width, channels: channels))
    plan.tap("pooled", plan.maximumPooling(plan.input, kernel: 3, stride: 2, padding: 1))
    return Network(plan, capacity: images, context: ExecutionContext())
  }

  @Test func maximumPooling() throws {
    let reference = try Reference("max_pooling")
    let network = pooling(height: 7, width: 8, channels: 17, images: 3)
    _ = network.input.elements.update(fromContentsOf: try reference.channelsLast("input"))
    network.forward(images: 3, mode: .training)
    let output = network.output("pooled")
    #expect(output.values.array == (try reference.channelsLast("output")))
    let pass = network.gradientPass(from: ["pooled"], toInput: true)
    _ = output.gradient.elements.update(
      fromContentsOf: try reference.channelsLast("output_gradient"))
    network.backward(images: 3, pass)
    // Ties go to the first place of the window, as in PyTorch.
    expectClose(
      network.inputGradient.array, try reference.channelsLast("input_gradient"), within: 1e-6,
      "gradient")
  }

  @Test func notANumberSurvivesPooling() {
    let network = pooling(height: 4, width: 4, channels: 1, images: 1)
    network.input.pointer[5] = .nan
    network.forward(images: 1, mode: .training)
    #expect(network.output("pooled").values.array.allSatisfy { $0.isNaN })
  }
}
