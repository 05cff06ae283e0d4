import Compute

/// What happens in a step of training when its batch is loaded.
///
/// The loop keeps order, schedule, history and place; a step keeps everything else that the next one depends
/// on, and declares it: checkpoints hold all of it.
package protocol TrainingStep: AnyObject {
  /// Called once before training.
  func prepare(_ network: Network, _ passes: [TrainingPass])

  /// Takes a step: `batch` lies in the network's input. Adds what the objectives measured to `sums`, by part.
  func take(_ batch: TrainingBatch, _ network: Network, _ sums: inout [[Measure]])

  /// Tensors beyond the network's, under names of their own.
  var tensors: [(name: String, values: FloatBuffer)] { get }

  /// Numbers beyond the loop's state.
  var numbers: [String: Double] { get set }

  /// What an optimiser keeps for each of the network's parameters.
  var stateNames: [String] { get }
}

extension TrainingStep {
  package var tensors: [(name: String, values: FloatBuffer)] { [] }
}

/// The batch of a step.
package struct TrainingBatch {
  /// The pass it belongs to, and its place among the passes.
  package let pass: TrainingPass
  package let passIndex: Int
  /// Rows of the network's input, every view of a sample for itself.
  package let images: Int
  /// Samples of each part.
  package let sizes: [Int]
  /// The given labels, `[images]`.
  package let labels: UnsafePointer<Int32>
  /// The samples, as indices into their sets, `[images]`.
  package let members: [Int]
  package let rate: Double
  package let forward: ForwardPass

  /// A part's rows of an output.
  @inline(__always)
  package func part(_ index: Int, row: Int, at output: NetworkOutput, pool: WorkerPool) -> ObjectiveBatch {
    ObjectiveBatch(
      samples: sizes[index], length: output.length,
      values: output.values.pointer + row * output.length,
      gradient: output.gradient.pointer + row * output.length, labels: labels + row,
      members: members[row..<(row + sizes[index])], step: forward.step, pool: pool)
  }
}

/// The usual step: forward, losses, backward, and a step of the optimiser.
package final class GradientStep: TrainingStep {
  private let optimizer: any Optimizer
  private var passes: [Prepared] = []

  private struct Prepared {
    let gradients: GradientPass
    let updates: UpdateList
    /// By part.
    let outputs: [NetworkOutput]
    /// All outputs that any part measures a loss at, where there are several.
    let mixed: [(tap: Tap, output: NetworkOutput)]
  }

  package init(_ optimizer: any Optimizer) { self.optimizer = optimizer }

  package var stateNames: [String] { optimizer.stateNames }

  package var numbers: [String: Double] {
    get { optimizer.numbers }
    set { optimizer.numbers = newValue }
  }

  package func prepare(_ network: Network, _ passes: [TrainingPass]) {
    self.passes = passes.map { pass in
      let taps = pass.taps
      let gradients = network.gradientPass(from: taps)
      return Prepared(
        gradients: gradients, updates: optimizer.prepare(gradients.parameters),
        outputs: pass.parts.map { network.output($0.objective.tap) },
        mixed: taps.count < 2
          ? [] : taps.sorted { $0.rawValue < $1.rawValue }.map { ($0, network.output($0)) })
    }
  }

  package func take(_ batch: TrainingBatch, _ network: Network, _ sums: inout [[Measure]]) {
    let prepared = passes[batch.passIndex]
    network.forward(images: batch.images, batch.forward)
    var row = 0
    for (index, part) in batch.pass.parts.enumerated() {
      part.objective.evaluate(
        batch.part(index, row: row, at: prepared.outputs[index], pool: network.context.pool),
        &sums[index])
      let rows = batch.sizes[index] * part.samples.views
      // Rows of a part have no gradient at the outputs of others.
      for (tap, output) in prepared.mixed where tap != part.objective.tap {
        (output.gradient.pointer + row * output.length).update(
          repeating: 0, count: rows * output.length)
      }
      row += rows
    }
    network.backward(images: batch.images, prepared.gradients)
    optimizer.step(prepared.updates, rate: batch.rate, pool: network.context.pool)
  }
}
