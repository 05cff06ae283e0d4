import Compute
import Foundation
import Networks

/// Times whole training steps or evaluations of a ResNet-18 on random images.
struct StepBenchmark {
  var width = 64
  var batch = 128
  var stem = ResidualNetworkConfiguration.Stem.plain
  var threads = WorkerPool.defaultThreadCount
  var trains = true
  var steps = 5

  /// Images per second, the median over the steps.
  func run() -> Double {
    let network = ResidualNetwork(
      ResidualNetworkConfiguration(width: width, stem: stem, classes: 10), capacity: batch,
      context: ExecutionContext(pool: WorkerPool(threads: threads)))
    network.initialize(seed: 0)
    var stream = RandomStream(seed: 0, purpose: RandomPurpose("benchmark"))
    for index in 0..<network.input.count { network.input.pointer[index] = Float(stream.normal()) }
    let labels = (0..<batch).map { _ in Int32(stream.integer(below: 10)) }
    var seconds: [Double] = []
    for step in 0...steps {
      let clock = ContinuousClock()
      let duration = clock.measure {
        network.forward(images: batch, mode: trains ? .training : .evaluation)
        if trains {
          _ = CrossEntropy().evaluate(
            rows: batch, classes: 10, logits: network.logits.pointer, labels: labels,
            gradient: network.logitsGradient.pointer)
          network.backward(images: batch, from: .logits)
          StochasticGradientDescent().step(
            network.parameters, rate: 0.01, pool: network.context.pool)
        }
      }
      if step > 0 { seconds.append(duration / .seconds(1)) }
    }
    return Double(batch) / seconds.sorted()[seconds.count / 2]
  }
}
