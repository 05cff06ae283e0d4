import Compute
import Images
import Networks
import Testing

/// The backward pass of the whole network against central differences of an independent forward pass in
/// double precision.
@Suite struct GradientTests {
  @Test(arguments: Stem.allCases)
  func agreesWithDifferences(stem: Stem) throws {
    let (batch, side, classes) = (4, 8, 3)
    let network = Network(
      resnet18(
        width: 2, stem: stem, classes: classes, height: side, imageWidth: side),
      capacity: batch, context: ExecutionContext(pool: WorkerPool(threads: 2)))
    network.initialize(seed: 11)
    var stream = RandomStream(seed: 5, purpose: RandomPurpose("gradient test"))
    // Scales and shifts other than 1 and 0, and rectifiers that are on more often than off.
    for normalization in network.normalizations {
      for channel in 0..<normalization.channels {
        normalization.scale.values.pointer[channel] = Float(1 + 0.3 * stream.normal())
        normalization.shift.values.pointer[channel] = Float(0.3 + 0.3 * stream.normal())
      }
    }
    for index in 0..<network.input.count { network.input.pointer[index] = Float(stream.normal()) }
    let labels = (0..<batch).map { _ in stream.integer(below: classes) }

    network.forward(images: batch, mode: .training)
    let result = CrossEntropy().evaluate(
      rows: batch, classes: classes, logits: network.logits.pointer, labels: labels.map(Int32.init),
      gradient: network.logitsGradient.pointer)
    network.backward(images: batch, from: .logits)

    let pixels = network.input.array
    let images = (0..<batch).map { image in
      (0..<3).map { channel in
        (0..<side).map { y in
          (0..<side).map { x in Double(pixels[((image * side + y) * side + x) * 3 + channel]) }
        }
      }
    }
    let exact = DoubleNetwork(network, stem: stem)
    let loss = exact.loss(images, labels: labels)
    #expect(abs(result.lossSum / Double(batch) - loss) < 1e-5 * loss)

    var (found, expected): ([Float], [Float]) = ([], [])
    for parameter in network.parameters {
      let gradient = parameter.exported(parameter.gradient)
      for _ in 0..<4 {
        let index = stream.integer(below: parameter.count)
        let step = 1e-6
        var (up, down) = (exact, exact)
        up.weights[parameter.name]?[index] += step
        down.weights[parameter.name]?[index] -= step
        let difference = (up.loss(images, labels: labels) - down.loss(images, labels: labels)) / (2 * step)
        found.append(gradient[index])
        expected.append(Float(difference))
        #expect(
          abs(Double(gradient[index]) - difference) <= 1e-3 * abs(difference) + 1e-4,
          "\(parameter.name)[\(index)]: \(gradient[index]), not \(difference)")
      }
    }
    expectClose(found, expected, within: 1e-4, "gradient")
  }
}
