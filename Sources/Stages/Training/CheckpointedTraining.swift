import Foundation
import HDF5
import Networks
import Pipelines
import Reports

/// Ties a training loop to the runner: progress, checkpoints, the user's wish to stop. Every stage
/// that trains goes through here.
final class CheckpointedTraining: TrainingObserver {
  /// Figures that become columns of the history, measured after each epoch.
  typealias Figures = () throws -> [(name: String, value: Double)]

  private let context: StageContext
  private let unit: String
  private let figures: Figures?
  private let imageName: String
  /// What networks that were trained before have said; see `TrainingSequence`.
  private let results: [[Double]]
  private var start = ContinuousClock.now
  private var imagesSinceStart = 0

  /// - Parameters:
  ///   - unit: what an epoch is called: "epoch" or "round".
  ///   - imageName: what the images of a batch are called.
  private init(
    _ context: StageContext, unit: String, imageName: String, results: [[Double]], figures: Figures?
  ) {
    self.context = context
    self.results = results
    self.imageName = imageName
    self.unit = unit
    self.figures = figures
  }

  /// Trains to the end, from the last checkpoint where there is one of this training.
  ///
  /// - Parameter results: of the trainings of the same stage before this one.
  /// - Throws: `StageInterrupted` after saving a checkpoint, `TrainingError`, and input/output errors.
  static func run(
    _ loop: TrainingLoop, in context: StageContext, unit: String = "epoch",
    imageName: String = "images", after results: [[Double]] = [], figures: Figures? = nil
  ) throws {
    if let checkpoint = try context.checkpoints.latest() {
      if try readResults(checkpoint).count == results.count { try restore(loop, from: checkpoint) }
      try checkpoint.close()
    }
    let observer = CheckpointedTraining(
      context, unit: unit, imageName: imageName, results: results, figures: figures)
    try loop.run(observer: observer)
  }

  /// What the trainings before the one that a checkpoint was made in have given.
  static func readResults(_ file: HDF5.File) throws -> [[Double]] {
    guard let group = try file.root.groupIfPresent(resultsName) else { return [] }
    return try (0..<(try group.names).count).map { try group.read("\($0)") }
  }

  private static let resultsName = "results"

  func stepEnded(_ loop: TrainingLoop) throws {
    let pass = loop.passes[loop.state.pass]
    imagesSinceStart += pass.largestBatch
    context.report(progress(loop, isMilestone: false))
    let isEpochDone = loop.state.pass == loop.passes.count - 1 && loop.state.step == pass.steps
    if isEpochDone { return }
    if context.shouldStop || context.checkpoints.isDue { try save(loop) }
    if context.shouldStop { throw StageInterrupted() }
  }

  func figures(
    afterEpoch epoch: Int, of loop: TrainingLoop
  ) throws -> [(name: String, value: Double)] {
    try figures?() ?? []
  }

  func epochEnded(_ loop: TrainingLoop) throws {
    // An epoch that the user was told of is not lost.
    try save(loop)
    context.report(progress(loop, isMilestone: true))
    if context.shouldStop && loop.state.epoch < loop.epochs { throw StageInterrupted() }
  }

  private func progress(_ loop: TrainingLoop, isMilestone: Bool) -> StageProgress {
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let epoch = isMilestone ? loop.state.epoch : loop.state.epoch + 1
    return StageProgress(
      done: loop.stepsDone, total: loop.epochs * loop.stepsPerEpoch,
      label: "\(unit) \(epoch) of \(loop.epochs)",
      rate: seconds > 0 ? "\(Int(Double(imagesSinceStart) / seconds)) \(imageName)/s" : nil,
      isMilestone: isMilestone, detail: isMilestone ? detail(loop.state.history) : nil)
  }

  /// The last row of the history in words.
  private func detail(_ history: TrainingHistory) -> String {
    history.columns.compactMap { column in
      column.values.last.map { value in
        MetricDeclaration.named(column.name).map { MetricValue($0, value).text }
          ?? "\(column.name) \(NumberFormat.significant(value))"
      }
    }.joined(separator: ", ")
  }

  private func save(_ loop: TrainingLoop) throws {
    let label =
      loop.state.epoch < loop.epochs
      ? "\(unit) \(loop.state.epoch + 1) of \(loop.epochs)" : "the end of \(unit) \(loop.epochs) of \(loop.epochs)"
    try context.checkpoints.save(label: label) { file in
      try NetworkTensors(loop.network).writeAll(to: file, stateNames: loop.step.stateNames)
      let state = Checkpoint(state: loop.state, numbers: loop.step.numbers)
      try file.root.write(
        String(decoding: try JSONEncoder().encode(state), as: UTF8.self), to: "training_state")
      let tensors = try file.root.createGroup("step")
      for (name, values) in loop.step.tensors { try tensors.write(values.array, to: name) }
      if results.isEmpty { return }
      let group = try file.root.createGroup(Self.resultsName)
      for (index, values) in results.enumerated() { try group.write(values, to: "\(index)") }
    }
  }

  private static func restore(_ loop: TrainingLoop, from file: HDF5.File) throws {
    let text = try file.root.readString("training_state")
    let saved = try JSONDecoder().decode(Checkpoint.self, from: Data(text.utf8))
    try NetworkTensors(loop.network).readAll(file, stateNames: loop.step.stateNames)
    let tensors = try file.root.group("step")
    for (name, values) in loop.step.tensors {
      let stored: [Float] = try tensors.read(name)
      guard stored.count == values.count else {
        throw ArtifactError.missingWeights(name, in: file.path)
      }
      _ = values.elements.update(fromContentsOf: stored)
    }
    loop.step.numbers = saved.numbers
    loop.state = saved.state
  }

  /// What a checkpoint holds besides tensors.
  private struct Checkpoint: Codable {
    let state: TrainingState
    let numbers: [String: Double]
  }
}
