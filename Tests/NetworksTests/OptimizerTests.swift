import Compute
import HDF5
import Networks
import Testing

/// Optimisers against PyTorch's, with two groups of parameters.
@Suite struct OptimizerTests {
  @Test(arguments: ["momentum", "momentum_rates", "nesterov", "adam_0", "adam_0.01"])
  func agreesWithPyTorch(name: String) throws {
    let reference = try Reference("optimizer/" + name, in: "architectures.h5")
    let size = try reference.group.dataset("gradients").shape
    let first = try reference.integers("first_group")[0]
    let rates: [Double] = try reference.group.attribute("rate")
    let decays: [Double] = try reference.group.attribute("weight_decay")
    let parameters = [
      NetworkParameter(name: "a", storedShape: [first]),
      NetworkParameter(name: "b", storedShape: [size[1] - first]),
    ]
    let settings: (NetworkParameter) -> ParameterSettings = { parameter in
      let group = parameter.name == "a" ? 0 : 1
      return ParameterSettings(
        rateFactor: Float(rates[group] / rates[0]), weightDecay: Float(decays[group]))
    }
    let optimizer: any Optimizer =
      name.hasPrefix("adam")
      ? Adam(settings: settings)
      : StochasticGradientDescent(isNesterov: name == "nesterov", settings: settings)
    let (values, gradients) = (try reference.floats("values"), try reference.floats("gradients"))
    func parts(_ numbers: [Float], row: Int) -> [[Float]] {
      let line = Array(numbers[(row * size[1])..<((row + 1) * size[1])])
      return [Array(line[..<first]), Array(line[first...])]
    }
    for (parameter, initial) in zip(parameters, parts(values, row: 0)) {
      parameter.load(initial, into: parameter.values)
      parameter.prepareGradient()
    }
    let list = optimizer.prepare(parameters)
    for step in 0..<size[0] {
      for (parameter, gradient) in zip(parameters, parts(gradients, row: step)) {
        parameter.load(gradient, into: parameter.gradient)
      }
      optimizer.step(list, rate: rates[0], pool: .shared)
      for (parameter, expected) in zip(parameters, parts(values, row: step + 1)) {
        expectClose(parameter.values.array, expected, within: 2e-6, "\(parameter.name), step \(step)")
      }
    }
  }
}
