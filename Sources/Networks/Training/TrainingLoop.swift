import Compute

/// Told of every step and epoch of a training; may save its state, and stop it by throwing.
package protocol TrainingObserver: AnyObject {
  /// After a step; `loop.state` is what the next step needs.
  func stepEnded(_ loop: TrainingLoop) throws

  /// After an epoch's passes; the returned figures become columns of the history.
  func figures(afterEpoch epoch: Int, of loop: TrainingLoop) throws -> [(name: String, value: Double)]

  /// After the epoch was entered into the history.
  func epochEnded(_ loop: TrainingLoop) throws
}

/// Trains a network: epochs of one or more passes, each step a function of the state before it.
///
/// Orders and augmentations are functions of (seed, epoch, sample), so that a loop whose `state` and
/// network tensors are restored goes on exactly as the interrupted one would have.
package final class TrainingLoop {
  package let network: Network
  package let passes: [TrainingPass]
  package let epochs: Int
  /// What happens in a step.
  package let step: any TrainingStep
  package let seed: UInt64
  /// Epochs that the schedules count before the first one here.
  package let earlierEpochs: Int
  package var state = TrainingState()

  // What a step needs, made beforehand: steps allocate nothing.
  private let labels: UnsafeMutablePointer<Int32>
  /// The samples of the step's batch: indices into their sets.
  private var members: [Int]
  /// How many samples of each part the step's batch has.
  private var sizes: [Int]
  /// For the assembly of batches.
  private let assemblyScratch: UnsafeMutableRawPointer
  /// The order of the epoch that a part is in, by pass and part.
  private var orders: [[(epoch: Int, order: [Int])]]

  /// - Parameter network: has room for the largest step, and the taps of all objectives.
  package init(
    network: Network, passes: [TrainingPass], epochs: Int, step: any TrainingStep, seed: UInt64,
    earlierEpochs: Int = 0
  ) {
    precondition(passes.allSatisfy { $0.largestBatch <= network.capacity })
    self.network = network
    self.passes = passes
    self.epochs = epochs
    self.step = step
    self.seed = seed
    self.earlierEpochs = earlierEpochs
    labels = .allocate(capacity: network.capacity)
    labels.initialize(repeating: 0, count: network.capacity)
    members = Array(repeating: 0, count: network.capacity)
    sizes = Array(repeating: 0, count: passes.map(\.parts.count).max() ?? 0)
    let parts = passes.flatMap(\.parts)
    assemblyScratch = .allocate(
      byteCount: network.context.pool.threads
        * (parts.map(\.samples.assembler.scratchByteCount).max() ?? 0), alignment: 64)
    for part in parts {
      part.objective.prepare(
        samples: part.batch, length: network.output(part.objective.tap).length,
        classes: part.samples.assembler.images.classCount)
    }
    orders = passes.map { $0.parts.map { _ in (-1, []) } }
    step.prepare(network, passes)
    resetSums()
  }

  deinit {
    labels.deallocate()
    assemblyScratch.deallocate()
  }

  /// Steps of an epoch, over all passes.
  package var stepsPerEpoch: Int { passes.reduce(0) { $0 + $1.steps } }

  /// Steps done since the beginning.
  package var stepsDone: Int {
    state.epoch * stepsPerEpoch + passes[..<state.pass].reduce(0) { $0 + $1.steps } + state.step
  }

  private func resetSums() {
    state.sums = passes.map { $0.parts.map { $0.objective.measures.map { _ in Measure() } } }
  }

  /// Trains from `state` to the end.
  ///
  /// - Throws: `TrainingError.notFinite`, and what the observer throws.
  package func run(observer: (any TrainingObserver)?) throws {
    while state.epoch < epochs {
      while state.pass < passes.count {
        let pass = passes[state.pass]
        while state.step < pass.steps {
          try takeStep(of: pass)
          state.step += 1
          try observer?.stepEnded(self)
        }
        state.pass += 1
        state.step = 0
      }
      try checkParameters()
      let figures = try observer?.figures(afterEpoch: state.epoch, of: self) ?? []
      state.history.append(historyRow + figures)
      state.epoch += 1
      state.pass = 0
      resetSums()
      try observer?.epochEnded(self)
    }
  }

  private func takeStep(of pass: TrainingPass) throws {
    let images = loadBatch(of: pass)
    let batch = TrainingBatch(
      pass: pass, passIndex: state.pass, images: images, sizes: sizes, labels: labels,
      members: members, rate: rate(of: pass),
      forward: ForwardPass(
        mode: pass.mode, seed: seed, step: earlierEpochs * stepsPerEpoch + stepsDone))
    step.take(batch, network, &state.sums[state.pass])
    for sums in state.sums[state.pass] where !sums[0].sum.isFinite { throw notFinite("the loss") }
  }

  private func rate(of pass: TrainingPass) -> Double {
    pass.schedule.rate(
      epoch: earlierEpochs + state.epoch, step: state.step, stepsPerEpoch: pass.steps)
  }

  /// Fills the network's input, `labels`, `members` and `sizes`; returns the number of images.
  private func loadBatch(of pass: TrainingPass) -> Int {
    var row = 0
    for (index, part) in pass.parts.enumerated() {
      let count = part.samples.count
      // The place in the sequence of all epochs of this part.
      var place = state.epoch * count + state.step * part.batch
      var end = min(place + part.batch, (state.epoch + 1) * count)
      if pass.goesOn(index) {
        place = (state.epoch * pass.steps + state.step) * part.batch
        end = place + part.batch
      }
      let size = end - place
      var filled = 0
      while place < end {
        let (epoch, first) = place.quotientAndRemainder(dividingBy: count)
        let last = min(first + end - place, count)
        let slice = order(part, index, epoch)[first..<last]
        for view in 0..<part.samples.views {
          load(slice, of: part.samples, epoch: epoch, view: view, at: row + view * size + filled)
        }
        filled += last - first
        place += last - first
      }
      row += size * part.samples.views
      sizes[index] = size
    }
    return row
  }

  private func order(_ part: TrainingPart, _ index: Int, _ epoch: Int) -> [Int] {
    if orders[state.pass][index].epoch != epoch {
      let stream = state.pass << 8 | index
      orders[state.pass][index] = (
        epoch, part.samples.order(seed: seed, stream: stream, epoch: earlierEpochs + epoch)
      )
    }
    return orders[state.pass][index].order
  }

  private func load(
    _ indices: ArraySlice<Int>, of samples: TrainingSamples, epoch: Int, view: Int, at row: Int
  ) {
    let images = samples.assembler.images
    for (offset, index) in indices.enumerated() {
      labels[row + offset] = Int32(images.labels[index])
      members[row + offset] = index
    }
    samples.assemble(
      indices, seed: seed, epoch: earlierEpochs + epoch, view: view,
      into: network.input.pointer + row * images.shape.count, scratch: assemblyScratch,
      pool: network.context.pool)
  }

  /// Mean loss and accuracy of each part, and the learning rate at the epoch's end.
  private var historyRow: [(name: String, value: Double)] {
    var row: [(String, Double)] = []
    for (pass, sums) in zip(passes, state.sums) {
      for (part, sums) in zip(pass.parts, sums) {
        for (name, measure) in zip(part.objective.measures, sums) {
          row.append((part.name + "_" + name, measure.mean))
        }
      }
    }
    for pass in passes {
      let rate = pass.schedule.rate(
        epoch: earlierEpochs + state.epoch, step: pass.steps - 1, stepsPerEpoch: pass.steps)
      row.append((passes.count == 1 ? "learning_rate" : pass.parts[0].name + "_learning_rate", rate))
    }
    return row
  }

  private func checkParameters() throws {
    for parameter in network.parameters
    where !parameter.values.elements.allSatisfy({ $0.isFinite }) {
      throw notFinite("a weight of \(parameter.name)")
    }
  }

  private func notFinite(_ what: String) -> TrainingError {
    let pass = passes[min(state.pass, passes.count - 1)]
    return .notFinite(
      what: what, epoch: state.epoch + 1, pass: "while training for '\(pass.parts[0].name)'",
      step: min(state.step, pass.steps - 1) + 1)
  }
}
