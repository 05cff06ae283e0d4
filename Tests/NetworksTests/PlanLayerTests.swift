import Compute
import HDF5
import Networks
import Testing

/// Layers of plans, each alone in a network, against PyTorch.
@Suite struct PlanLayerTests {
  private func reference(_ name: String) throws -> Reference {
    try Reference("layer/" + name, in: "architectures.h5")
  }

  /// Runs a network that is `build` and compares outputs and gradients.
  private func check(_ name: String, _ build: (inout NetworkPlan, NetworkPlan.Node) -> NetworkPlan.Node) throws {
    let reference = try reference(name)
    let shape = try reference.group.dataset("input").shape
    func tensor(_ name: String) throws -> [Float] {
      shape.count == 4 ? try reference.channelsLast(name) : try reference.floats(name)
    }
    var plan = NetworkPlan(
      input: shape.count == 4
        ? MapShape(height: shape[2], width: shape[3], channels: shape[1]) : MapShape(vector: shape[1]))
    plan.tap("result", build(&plan, plan.input))
    let network = Network(plan, capacity: shape[0], context: ExecutionContext())
    for parameter in network.parameters {
      let stored = parameter.name.hasSuffix("weight") ? "weight" : "bias"
      parameter.load(try reference.floats(stored), into: parameter.values)
    }
    _ = network.input.elements.update(fromContentsOf: try tensor("input"))
    network.forward(images: shape[0], mode: .training)
    let output = network.output("result")
    expectClose(output.values.array, try tensor("output"), within: 1e-5, "output")
    let pass = network.gradientPass(from: ["result"], toInput: true)
    _ = output.gradient.elements.update(fromContentsOf: try tensor("output_gradient"))
    network.backward(images: shape[0], pass)
    expectClose(network.inputGradient.array, try tensor("input_gradient"), within: 1e-5, "input")
    for parameter in network.parameters {
      let stored = parameter.name.hasSuffix("weight") ? "weight" : "bias"
      expectClose(
        parameter.exported(parameter.gradient), try reference.floats(stored + "_gradient"),
        within: 1e-5, stored)
    }
  }

  @Test(arguments: ["2_2_0", "3_2_1", "3_1_1"], ["", "_ties"])
  func maximumPooling(window: String, kind: String) throws {
    let sizes = window.split(separator: "_").compactMap { Int($0) }
    try check("max_pool_\(window)\(kind)") {
      $0.maximumPooling($1, kernel: sizes[0], stride: sizes[1], padding: sizes[2])
    }
  }

  @Test(arguments: ["2_2_0", "3_2_1"]) func averagePooling(window: String) throws {
    let sizes = window.split(separator: "_").compactMap { Int($0) }
    try check("average_pool_\(window)") {
      $0.averagePooling($1, kernel: sizes[0], stride: sizes[1], padding: sizes[2])
    }
  }

  @Test(arguments: [("5x7", 7), ("8x8", 3), ("1x1", 7), ("6x5", 1)])
  func adaptiveAveragePooling(size: String, side: Int) throws {
    try check("adaptive_average_pool_\(size)_\(side)") {
      $0.adaptiveAveragePooling($1, height: side, width: side)
    }
  }

  @Test func upsampling() throws { try check("upsampling") { $0.upsampling($1, factor: 2) } }
  @Test func sigmoid() throws { try check("sigmoid") { $0.sigmoid($1) } }
  @Test func rectifier() throws { try check("relu") { $0.rectifier($1) } }

  @Test func linear() throws {
    try check("linear_relu") { $0.rectifier($0.linear($1, "layer", outputs: 11)) }
  }

  @Test(arguments: [
    "2_9_8_5_4_3_2_1_1", "2_8_8_16_16_3_1_1_1", "3_6_5_3_8_2_1_0_1", "2_5_4_16_16_2_1_0_1",
    "2_8_8_6_32_3_2_0_1", "3_4_4_16_24_1_1_0_0",
  ])
  func convolutionWithBias(name: String) throws {
    let sizes = name.split(separator: "_").compactMap { Int($0) }
    let (outputs, kernel, stride, before, after) = (sizes[4], sizes[5], sizes[6], sizes[7], sizes[8])
    try check("convolution_" + name) { plan, x in
      // Unequal borders are a node of their own.
      var x = x
      let isEven = before == after
      if !isEven { x = plan.padding(x, top: before, left: before, bottom: after, right: after) }
      return plan.convolution(
        x, "layer", outputs: outputs, kernel: kernel, stride: stride, padding: isEven ? before : 0,
        hasBias: true)
    }
  }

  /// Three convolutions that pick channels, concatenated, normalised, rectified and convolved: the
  /// gradients of the parts arrive at the input.
  @Test func concatenation() throws {
    let reference = try reference("concatenation")
    let names = ["first", "second", "third"]
    let shapes = try names.map { try reference.group.dataset($0).shape }
    let (images, height, width) = (shapes[0][0], shapes[0][2], shapes[0][3])
    let channels = shapes.map { $0[1] }
    let total = channels.reduce(0, +)
    var plan = NetworkPlan(input: MapShape(height: height, width: width, channels: total))
    let parts = zip(names, channels).map { name, count in
      plan.convolution(plan.input, name, outputs: count, kernel: 1)
    }
    var x = plan.concatenation(parts)
    x = plan.rectifier(plan.batchNormalization(x, "bn"))
    plan.tap("result", plan.convolution(x, "last", outputs: 7, kernel: 1))
    let network = Network(plan, capacity: images, context: ExecutionContext())
    var first = 0
    for parameter in network.parameters {
      switch parameter.name {
      case "bn.weight": parameter.load(try reference.floats("scale"), into: parameter.values)
      case "bn.bias": parameter.load(try reference.floats("shift"), into: parameter.values)
      case "last.weight": parameter.load(try reference.floats("weight"), into: parameter.values)
      default:
        let outputs = parameter.storedShape[0]
        var picks = [Float](repeating: 0, count: parameter.count)
        for output in 0..<outputs { picks[output * total + first + output] = 1 }
        parameter.load(picks, into: parameter.values)
        first += outputs
      }
    }
    /// `[images, height, width, channels]` of the parts side by side.
    func together(_ suffix: String) throws -> [Float] {
      let tensors = try names.map { try reference.channelsLast($0 + suffix) }
      return (0..<(images * height * width)).flatMap { row -> [Float] in
        zip(tensors, channels).flatMap { tensor, count -> ArraySlice<Float> in
          tensor[(row * count)..<((row + 1) * count)]
        }
      }
    }
    _ = network.input.elements.update(fromContentsOf: try together(""))
    network.forward(images: images, mode: .training)
    let output = network.output("result")
    expectClose(output.values.array, try reference.channelsLast("output"), within: 1e-5, "output")
    let pass = network.gradientPass(from: ["result"], toInput: true)
    _ = output.gradient.elements.update(
      fromContentsOf: try reference.channelsLast("output_gradient"))
    network.backward(images: images, pass)
    expectClose(network.inputGradient.array, try together("_gradient"), within: 1e-5, "input")
    for (name, stored) in [("bn.weight", "scale"), ("bn.bias", "shift"), ("last.weight", "weight")] {
      let parameter = try #require(network.parameters.first { $0.name == name })
      expectClose(
        parameter.exported(parameter.gradient), try reference.floats(stored + "_gradient"),
        within: 1e-5, name)
    }
    expectClose(
      network.normalizations[0].runningMean.array, try reference.floats("running_mean"),
      within: 1e-5, "mean")
    network.forward(images: images, mode: .evaluation)
    expectClose(output.values.array, try reference.channelsLast("evaluated"), within: 1e-5, "evaluated")
  }
}
