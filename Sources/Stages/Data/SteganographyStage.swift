import Attacks
import Compute
import Foundation
import HDF5
import Images
import Networks
import Pipelines
import Reports

/// Trains a network that hides messages in images (method 3.10): what the attack `ssba` is made with.
///
/// Output: see `SteganographyArtifact`, with some of the images before and after (`ExampleArtifact`).
enum SteganographyStage: Stage {
  static let images = InputDeclaration("images", .images, count: .one, "The images to train on.")

  static let bits = Parameter.integer(
    "bits", in: 1...1000, default: 100, unit: "bits", "Length of a message.")
  static let steps = Parameter.integer(
    "steps", in: 1...10_000_000, default: 20_000, unit: "steps", "How many at most.")
  static let batch = Parameter.integer(
    "batch", in: 1...4096, default: 64, unit: "images", "Images in a step, each with a message.")
  static let rate = Parameter.real("learning-rate", in: 1e-9...1, default: 1e-4, "Of Adam.")
  static let weight = Parameter.real(
    "weight", in: 0...1e6, default: 10, "Of the mean square of the change, against that of the bits.")
  static let hold = Parameter.integer(
    "hold", in: 0...1_000_000, default: 1000, unit: "steps",
    "How long the change weighs nothing after nine bits of ten were right.")
  static let ramp = Parameter.integer(
    "ramp", in: 1...1_000_000, default: 3000, unit: "steps", "Over how many the weight grows then.")
  static let accuracy = Parameter.share(
    "accuracy", in: 0.5...1, default: 0.97,
    "The share of right bits, with the full weight, at which it ends before.")
  static let change = Parameter.real(
    "change", in: 0...255, default: 5, unit: "grey levels",
    "The mean change of a value at which it ends before, if so many bits are right.")
  static let seed = Parameter.integer(
    "seed", in: 0...Int(Int32.max), default: 1, "Initial weights, images, messages.")

  static let declaration = StageDeclaration(
    kind: "steganography", version: 1,
    summary: "Trains a network that hides messages in images (for the attack ssba).",
    inputs: [images],
    parameters: [
      bits.declaration, steps.declaration, batch.declaration, rate.declaration, weight.declaration,
      hold.declaration, ramp.declaration, accuracy.declaration, change.declaration,
      seed.declaration,
    ], output: .steganography)

  /// On how many images the result is measured.
  private static let measured = 1000
  /// The share of right bits that the attack is said to need.
  private static let needed = 0.95

  static func run(_ context: StageContext) throws {
    let set = try ImageArtifact.read(context.open(images))
    guard set.count > 0 else { throw ArtifactError.emptySet("'images'", of: "train on") }
    let shape = try SteganographyShape(set.shape, bits: context[bits])
    try MemoryGuard.require(
      SteganographySpeed(shape, batch: context[batch]).memory, batch: context[batch],
      image: (set.shape.height, set.shape.width))
    let network = SteganographyNetwork(
      shape, capacity: context[batch],
      context: ExecutionContext(pool: context.pool))
    let seed = seed(seed, in: context)
    network.initialize(seed: seed)
    let training = SteganographyTraining(
      network,
      SteganographyTraining.Recipe(
        batch: context[batch], rate: context[rate], weight: context[weight], hold: context[hold],
        ramp: context[ramp], steps: context[steps], accuracy: context[accuracy], change: context[change],
        seed: seed))
    try train(training, on: set, context)
    var stream = RandomStream(seed: seed, purpose: RandomPurpose("steganography message bits"))
    let message = (0..<context[bits]).map { _ in UInt8(stream.nextWord() & 1) }
    let chosen = Array(set.labels.indices.prefix(measured))
    let quality = network.quality(of: message, in: set, chosen)
    try SteganographyArtifact(network: network, message: message).write(
      to: context.output, steps: training.state.step, quality: quality)
    try writeExamples(SSBA(encoder: network.hiding(message)), of: set, chosen, context)
    context.note(
      "after \(training.state.step) steps \(NumberFormat.percent(quality.accuracy)) of the bits are read; "
        + "values change by \(NumberFormat.significant(quality.change)) grey levels in the mean")
    if quality.accuracy < needed {
      context.warn(
        "fewer than \(NumberFormat.percent(needed)) of the bits are read: the attack may fail; train for more "
          + "'steps', or hide fewer 'bits'")
    }
  }

  /// From the last checkpoint on where there is one.
  private static func train(
    _ training: SteganographyTraining, on set: ImageSet, _ context: StageContext
  ) throws {
    let tensors = NetworkTensors(parameters: training.network.parameters, normalizations: [])
    if let checkpoint = try context.checkpoints.latest() {
      try tensors.readAll(checkpoint, stateNames: training.stateNames)
      let text = try checkpoint.root.readString("training_state")
      let saved = try JSONDecoder().decode(Saved.self, from: Data(text.utf8))
      training.state = saved.state
      training.numbers = saved.numbers
      try checkpoint.close()
    }
    while !training.isDone {
      training.step(set)
      let (state, total) = (training.state, training.recipe.steps)
      let isMilestone = state.step.isMultiple(of: 500)
      context.report(
        StageProgress(
          done: state.step, total: total, label: "step \(state.step) of at most \(total)",
          isMilestone: isMilestone,
          detail: isMilestone
            ? "bits right \(NumberFormat.percent(state.accuracy)), change "
              + "\(NumberFormat.significant(state.change)) grey levels with weight "
              + NumberFormat.significant(training.weight)
            : nil))
      if training.isDone { break }
      if context.shouldStop || context.checkpoints.isDue {
        try context.checkpoints.save(label: "step \(state.step) of at most \(total)") { file in
          try tensors.writeAll(to: file, stateNames: training.stateNames)
          let saved = Saved(state: state, numbers: training.numbers)
          try file.root.write(
            String(decoding: try JSONEncoder().encode(saved), as: UTF8.self), to: "training_state")
        }
      }
      if context.shouldStop { throw StageInterrupted() }
    }
  }

  private static func writeExamples(
    _ attack: SSBA, of set: ImageSet, _ indices: [Int], _ context: StageContext
  ) throws {
    let chosen = ExampleArtifact.spread(indices)
    let changed = try chosen.map { try attack.trainingTrigger.stamped(set[$0]) }
    try ExampleArtifact.write(
      Array(chosen.indices), before: { set[chosen[$0]] }, after: { changed[$0] }, to: context.output)
  }

  /// What a checkpoint holds besides tensors.
  private struct Saved: Codable {
    let state: SteganographyTraining.State
    let numbers: [String: Double]
  }
}
