import ArgumentParser
import Compute
import Foundation
import Images
import Networks

/// What it costs to make batches of images.
struct InputCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "input",
    abstract: "Show the share of a training step that making its batch takes.",
    discussion: """
      Both times are those of the processor; with several threads they include waiting, so one is \
      best. Steps are the training loop's, on 10,000 random images of 32x32; making a batch is drawing \
      and applying the augmentations and normalising.
      """)

  @Option(help: "Channels of the first stage.") var width = 16
  @Option(help: "What stands before the stages: plain or max-pool.") var stem = Stem.plain
  @Option(help: "Threads.") var threads = 1
  @Option(help: "Steps that are timed, after one to warm up.") var steps = 7

  func validate() throws {
    guard width > 0, threads > 0, (1...30).contains(steps) else {
      throw ValidationError("width and threads are at least 1, and steps are 1 to 30")
    }
  }

  func run() throws {
    let images = try makeImages()
    let assembler = BatchAssembler(images: images, normalization: .cifar10)
    print("width \(width), \(stem.rawValue), \(threads) threads, ms of processor time")
    try measure(
      "supervised, crop-flip",
      TrainingPart(
        name: "training",
        samples: TrainingSamples(assembler: assembler, augmentation: .cropFlip), batch: 128,
        objective: CrossEntropyObjective()))
    try measure(
      "contrastive views",
      TrainingPart(
        name: "contrastive",
        samples: TrainingSamples(assembler: assembler, augmentation: .contrastive, views: 2),
        batch: 256,
        objective: ContrastiveObjective(
          ContrastiveLoss(), groups: ContrastiveGroups(images.labels.map(Int32.init)))))
  }

  private func makeImages() throws -> ImageSet {
    let shape = ImageShape(height: 32, width: 32, channels: 3)
    var stream = RandomStream(seed: 0, purpose: RandomPurpose("benchmark input"))
    let count = 10_000
    return try ImageSet(
      pixels: (0..<(count * shape.count)).map { _ in UInt8(truncatingIfNeeded: stream.nextWord()) },
      shape: shape, labels: (0..<count).map { $0 % 10 }, classNames: (0..<10).map(String.init),
      origin: "noise")
  }

  private func measure(_ name: String, _ part: TrainingPart) throws {
    let pass = TrainingPass(parts: [part], schedule: .constant(0.01))
    let network = makeNetwork(for: part, capacity: pass.largestBatch)
    let loop = TrainingLoop(
      network: network, passes: [pass], epochs: 1, step: GradientStep(StochasticGradientDescent()), seed: 1)
    let watch = StopWatch(steps: steps)
    do { try loop.run(observer: watch) } catch is StopWatch.Done {}

    let order = part.samples.order(seed: 1, stream: 0, epoch: 0)
    let size = part.samples.assembler.images.shape.count
    let scratch = UnsafeMutableRawPointer.allocate(
      byteCount: threads * part.samples.assembler.scratchByteCount, alignment: 64)
    defer { scratch.deallocate() }
    let assembling = (0..<steps).map { step in
      Timing.measure {
        let members = order[(step * part.batch)..<((step + 1) * part.batch)]
        for view in 0..<part.samples.views {
          part.samples.assemble(
            members, seed: 1, epoch: 0, view: view,
            into: network.input.pointer + view * part.batch * size, scratch: scratch,
            pool: network.context.pool)
        }
      }.processor
    }
    let shares = zip(assembling, watch.times).map { 100 * $0 / $1 }
    print(
      "  \(name)".padded(26)
        + String(
          format: "%8.2f of %8.1f: %.2f%% (%.2f to %.2f)", assembling.median * 1e3,
          watch.times.median * 1e3, shares.median, shares.quantile(0), shares.quantile(1)))
  }

  private func makeNetwork(for part: TrainingPart, capacity: Int) -> Network {
    let description = ModelDescription(width: width, stem: stem, classes: 10)
    let network = Network(
      part.samples.views == 2 ? description.contrastivePlan : description.plan,
      capacity: capacity, context: ExecutionContext(pool: WorkerPool(threads: threads)))
    network.initialize(seed: 0)
    return network
  }
}

/// The processor time of each step after the first; stops the training when it has enough.
private final class StopWatch: TrainingObserver {
  struct Done: Error {}
  private let steps: Int
  private var start: Double?
  private(set) var times: [Double] = []

  init(steps: Int) { self.steps = steps }

  func stepEnded(_ loop: TrainingLoop) throws {
    if let start { times.append(Timing.processorSeconds - start) }
    if times.count == steps { throw Done() }
    start = Timing.processorSeconds
  }

  func figures(afterEpoch epoch: Int, of loop: TrainingLoop) -> [(name: String, value: Double)] { [] }
  func epochEnded(_ loop: TrainingLoop) {}
}
