import Allocations
import Compute
import Foundation
import Images
import Networks
import Testing

/// A steady step of training calls no allocator, on no thread.
///
/// One after the other: the count is one for all threads that are watched.
@Suite(.serialized, .enabled(if: AllocationCount.isPossible)) struct AllocationTests {
  /// Every kind of step that stages take.
  enum Step: String, CaseIterable {
    case supervised, flipped, unlearning, joint, intraClass, contrastive, mixed, frozenStatistics

    func passes(_ fixture: TrainingFixture) -> [TrainingPass] {
      func pass(_ parts: TrainingPart..., mode: NetworkMode = .training) -> TrainingPass {
        TrainingPass(parts: parts, schedule: .oneCycle(peak: 0.01, epochs: 3), mode: mode)
      }
      let all = fixture.samples(0..<40)
      let unlearning = CrossEntropyObjective(
        CrossEntropy(direction: .ascend(bound: 1.5), factor: 0.5))
      let labels = fixture.assembler.images.labels.map(Int32.init)
      switch self {
      case .supervised: return [pass(fixture.part("training", all, batch: 8))]
      case .flipped:
        let samples = fixture.samples(0..<40, .balanced, augmentation: .cropFlipRotate)
        return [pass(fixture.part("training", samples, batch: 8))]
      case .unlearning:
        return [
          pass(fixture.part("unlearn", fixture.samples(40..<60), batch: 5, unlearning)),
          pass(fixture.part("relearn", all, batch: 8)),
        ]
      case .joint:
        return [
          pass(
            fixture.part("relearn", all, batch: 8),
            fixture.part("unlearn", fixture.samples(40..<80), batch: 4, unlearning))
        ]
      case .intraClass: return [pass(fixture.part("intra_class", all, batch: 8, IntraClassObjective()))]
      case .contrastive:
        let samples = TrainingSamples(
          assembler: fixture.assembler, augmentation: .contrastive, views: 2)
        let groups = ContrastiveGroups(drawnTo: labels.map { $0 == 1 ? -1 : $0 }, memberOf: labels)
        return [
          pass(
            fixture.part(
              "contrastive", samples, batch: 16, ContrastiveObjective(ContrastiveLoss(), groups: groups)))
        ]
      case .mixed:
        let isPoisoned = labels.indices.map { $0 % 5 == 0 }
        return [
          pass(
            fixture.part(
              "classifier", all, batch: 8,
              MixedCrossEntropyObjective(
                MixedCrossEntropy(poisonedWeight: 0.1), isPoisoned: isPoisoned)))
        ]
      case .frozenStatistics:
        return [pass(fixture.part("training", all, batch: 8), mode: .trainingWithFixedStatistics)]
      }
    }

    func network(
      _ description: ModelDescription, capacity: Int, _ context: ExecutionContext
    ) -> Network {
      let plan = self == .contrastive ? description.contrastivePlan : description.scaledPlan
      let network = Network(plan, capacity: capacity, context: context)
      network.initialize(seed: 1)
      if self == .mixed {
        for parameter in network.parameters where !description.isInClassifier(parameter.name) {
          parameter.isFrozen = true
        }
      }
      return network
    }
  }

  @Test(arguments: Step.allCases, [1, 2]) func steadyStepsAllocateNothing(step: Step, threads: Int) throws {
    let fixture = try TrainingFixture(count: 80, side: 32)
    let passes = step.passes(fixture)
    let pool = WorkerPool(threads: threads)
    let network = step.network(
      resnet18(
        width: 16, stem: .maxPooling, classes: TrainingFixture.classes),
      capacity: passes.map(\.largestBatch).max() ?? 1, ExecutionContext(pool: pool))
    let loop = TrainingLoop(
      network: network, passes: passes, epochs: 2, step: GradientStep(StochasticGradientDescent()), seed: 1)
    let count = AllocationCount(of: pool)
    let observer = StepCounter(count)
    try count.watch { try loop.run(observer: observer) }
    // The first step of a pass draws its order, and the first epoch does some things for the first time.
    #expect(observer.steady.count >= 4)
    #expect(observer.steady.allSatisfy { $0 == 0 }, "\(observer.steady)")
    #expect(observer.others.contains { $0 > 0 }, "what does allocate is counted")
  }

  /// The allocations of each step.
  private final class StepCounter: TrainingObserver {
    private let count: AllocationCount
    private var before: Int
    private(set) var steady: [Int] = []
    private(set) var others: [Int] = []

    init(_ count: AllocationCount) {
      self.count = count
      before = count.total
      steady.reserveCapacity(100)
      others.reserveCapacity(100)
    }

    func stepEnded(_ loop: TrainingLoop) {
      let calls = count.total - before
      if loop.state.epoch > 0 && loop.state.step > 1 { steady.append(calls) } else { others.append(calls) }
      before = count.total
    }

    func figures(afterEpoch epoch: Int, of loop: TrainingLoop) -> [(name: String, value: Double)] { [] }
    func epochEnded(_ loop: TrainingLoop) {}
  }

  /// The count sees every way to allocate, on every thread of the pool, and no other thread.
  @Test func everyWayIsCounted() {
    let pool = WorkerPool(threads: 3)
    let count = AllocationCount(of: pool)
    let before = count.total
    var memory: [UnsafeMutableRawPointer?] = [malloc(8)]
    memory.reserveCapacity(20)
    #expect(count.total == before, "outside of watch")
    count.watch {
      memory.append(malloc(10))
      memory.append(calloc(2, 10))
      memory.append(realloc(malloc(10), 20_000))
      memory.append(aligned_alloc(64, 640))
      var pointer: UnsafeMutableRawPointer?
      posix_memalign(&pointer, 64, 100)
      memory.append(pointer)
      let page = mmap(nil, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
      munmap(page, 4096)
      #expect(count.total - before >= 7)
      let middle = count.total
      memory += [nil, nil, nil]
      memory.withUnsafeMutableBufferPointer { memory in
        pool.run(3) { task, _ in
          memory[memory.count - 1 - task] = malloc(100)
          usleep(3000)
        }
      }
      #expect(count.total - middle >= 3)
    }
    for pointer in memory { free(pointer) }
  }
}
