import Compute

/// Told of every step and epoch of a training; may save its state, and stop it by throwing.
public protocol TrainingObserver: AnyObject {
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
public final class TrainingLoop {
  public let network: ResidualNetwork
  public let passes: [TrainingPass]
  public let epochs: Int
  public let optimizer: StochasticGradientDescent
  public let seed: UInt64
  /// Epochs that the schedules count before the first one here.
  public let earlierEpochs: Int
  public var state = TrainingState()

  private let labels: UnsafeMutablePointer<Int32>
  /// The order of the epoch that a part is in, by pass and part.
  private var orders: [[(epoch: Int, order: [Int])]]

  /// - Parameter network: has room for the largest step.
  public init(
    network: ResidualNetwork, passes: [TrainingPass], epochs: Int,
    optimizer: StochasticGradientDescent, seed: UInt64, earlierEpochs: Int = 0
  ) {
    precondition(passes.allSatisfy { $0.largestBatch <= network.capacity })
    self.network = network
    self.passes = passes
    self.epochs = epochs
    self.optimizer = optimizer
    self.seed = seed
    self.earlierEpochs = earlierEpochs
    labels = .allocate(capacity: network.capacity)
    labels.initialize(repeating: 0, count: network.capacity)
    orders = passes.map { $0.parts.map { _ in (-1, []) } }
    resetSums()
  }

  deinit { labels.deallocate() }

  /// Steps of an epoch, over all passes.
  public var stepsPerEpoch: Int { passes.reduce(0) { $0 + $1.steps } }

  /// Steps done since the beginning.
  public var stepsDone: Int {
    state.epoch * stepsPerEpoch + passes[..<state.pass].reduce(0) { $0 + $1.steps } + state.step
  }

  private func resetSums() {
    state.sums = passes.map { $0.parts.map { _ in TrainingState.PartSums() } }
  }

  /// Trains from `state` to the end.
  ///
  /// - Throws: `TrainingError.notFinite`, and what the observer throws.
  public func run(observer: (any TrainingObserver)?) throws {
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
    let sizes = loadBatch(of: pass)
    let images = sizes.reduce(0, +)
    network.forward(images: images, mode: pass.mode)
    var source = ResidualNetwork.GradientSource.logits
    var row = 0
    for (part, size) in zip(pass.parts.indices, sizes) {
      var sums = state.sums[state.pass][part]
      switch pass.parts[part].objective {
      case .crossEntropy(let loss):
        let classes = network.configuration.classes
        let result = loss.evaluate(
          rows: size, classes: classes, logits: network.logits.pointer + row * classes,
          labels: labels + row, gradient: network.logitsGradient.pointer + row * classes)
        sums.loss += result.lossSum
        sums.correct += result.correct
        sums.count += size
      case .intraClass:
        let length = network.configuration.featureCount
        sums.loss += IntraClassLoss().evaluate(
          rows: size, length: length, features: network.features.pointer + row * length,
          labels: labels + row, gradient: network.featuresGradient.pointer + row * length)
        sums.count += 1
        source = .features
      }
      sums.samples += size
      guard sums.loss.isFinite else { throw notFinite("the loss") }
      state.sums[state.pass][part] = sums
      row += size
    }
    network.backward(images: images, from: source)
    let trained = source == .logits ? network.parameters : network.featureParameters
    optimizer.step(trained, rate: rate(of: pass), pool: network.context.pool)
  }

  private func rate(of pass: TrainingPass) -> Double {
    pass.schedule.rate(
      epoch: earlierEpochs + state.epoch, step: state.step, stepsPerEpoch: pass.steps)
  }

  /// Fills the network's input and `labels`; returns the number of samples of each part.
  private func loadBatch(of pass: TrainingPass) -> [Int] {
    var row = 0
    return pass.parts.indices.map { index in
      let part = pass.parts[index]
      let count = part.samples.count
      // The place in the sequence of all epochs of this part.
      var place = state.epoch * count + state.step * part.batch
      var end = min(place + part.batch, (state.epoch + 1) * count)
      if index > 0 {
        place = (state.epoch * pass.steps + state.step) * part.batch
        end = place + part.batch
      }
      let size = end - place
      while place < end {
        let (epoch, first) = place.quotientAndRemainder(dividingBy: count)
        let last = min(first + end - place, count)
        load(order(part, index, epoch)[first..<last], of: part.samples, epoch: epoch, at: row)
        row += last - first
        place += last - first
      }
      return size
    }
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

  private func load(_ indices: ArraySlice<Int>, of samples: TrainingSamples, epoch: Int, at row: Int) {
    let images = samples.assembler.images
    for (offset, index) in indices.enumerated() { labels[row + offset] = Int32(images.labels[index]) }
    let size = images.shape.count
    let blocks = Blocks(indices.count, ofAtMost: 8)
    network.context.pool.run(blocks.blockCount) { block, _ in
      let range = blocks[block]
      samples.assembler.assemble(
        indices[(indices.startIndex + range.lowerBound)..<(indices.startIndex + range.upperBound)],
        augmentation: samples.augmentation, seed: seed, epoch: earlierEpochs + epoch,
        into: network.input.pointer + (row + range.lowerBound) * size)
    }
  }

  /// Mean loss and accuracy of each part, and the learning rate at the epoch's end.
  private var historyRow: [(name: String, value: Double)] {
    var row: [(String, Double)] = []
    for (pass, sums) in zip(passes, state.sums) {
      for (part, sums) in zip(pass.parts, sums) {
        row.append((part.name + "_loss", sums.meanLoss))
        if case .crossEntropy = part.objective { row.append((part.name + "_accuracy", sums.accuracy)) }
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
