import Foundation
import Images
import Networks
import Testing

@Suite struct TrainingLoopTests {
  /// The kinds of training that stages do.
  enum Training: String, CaseIterable {
    case plain, features, twoPasses, joint, fixedSteps

    func passes(_ fixture: TrainingFixture) -> [TrainingPass] {
      let schedule = LearningRateSchedule.oneCycle(peak: 0.02, epochs: 3)
      let unlearning = CrossEntropyObjective(
        CrossEntropy(direction: .ascend(bound: 1.5), factor: 0.5))
      switch self {
      case .plain:
        let part = fixture.part("training", fixture.samples(), batch: 8)
        return [TrainingPass(parts: [part], schedule: schedule)]
      case .features:
        let part = fixture.part("intra_class", fixture.samples(), batch: 8, IntraClassObjective())
        return [TrainingPass(parts: [part], schedule: schedule)]
      case .twoPasses:
        return [
          TrainingPass(
            parts: [fixture.part("unlearn", fixture.samples(20..<27), batch: 4, unlearning)],
            schedule: schedule),
          TrainingPass(
            parts: [fixture.part("relearn", fixture.samples(0..<18, .balanced), batch: 7)],
            schedule: schedule),
        ]
      case .joint:
        // 5 samples in steps of 3: the second part's walks end within a step and within an epoch.
        return [
          TrainingPass(
            parts: [
              fixture.part("relearn", fixture.samples(0..<18, .balanced), batch: 8),
              fixture.part("unlearn", fixture.samples(20..<25), batch: 3, unlearning),
            ], schedule: schedule)
        ]
      case .fixedSteps:
        // The first part's walks end within steps as well; the second one's are longer than an epoch.
        let random = RandomLabelObjective(weight: 0.5, seed: 9)
        let wrapped = TrainingSamples(
          assembler: fixture.assembler, indices: Array(0..<20),
          wrapAround: WrapAround(reach: 6, share: 0.5))
        return [
          TrainingPass(
            parts: [
              fixture.part("training", fixture.samples(0..<5), batch: 3),
              fixture.part("confusion", wrapped, batch: 4, random),
            ],
            schedule: .trapezoid(peak: 0.02, epochs: 3, rise: 2, flat: 0.6, floor: 0.02), steps: 4)
        ]
      }
    }

    var epochs: Int { 3 }
  }

  /// With a number of steps of its own, the walks of both parts go on from epoch to epoch.
  @Test func fixedStepsWalkOn() throws {
    let fixture = try TrainingFixture(count: 25)
    let parts = [
      fixture.part("first", fixture.samples(0..<18, augmentation: .none), batch: 4),
      fixture.part("second", fixture.samples(18..<25, augmentation: .none), batch: 9),
    ]
    let pass = TrainingPass(parts: parts, schedule: .constant(0.01), steps: 3)
    #expect(pass.steps == 3)
    #expect(pass.largestBatch == 13)
    let loop = fixture.loop([pass], epochs: 6)
    try loop.run(observer: nil)
    #expect(loop.stepsDone == 18)
    // 18 steps of 4 are 4 walks over the 18 of the first part.
    #expect(loop.state.history["first_loss"]?.count == 6)
  }

  /// Interrupted after any step and resumed from its state in a fresh loop, with another number of
  /// threads: the same bits as the undisturbed training.
  @Test(arguments: Training.allCases) func resumesFromAnyStep(_ training: Training) throws {
    let fixture = try TrainingFixture(count: 27)
    let passes = training.passes(fixture)
    let whole = fixture.loop(passes, epochs: training.epochs)
    let start = try TrainingSnapshot(whole)
    var snapshots: [TrainingSnapshot] = [start]
    let observer = TestObserver()
    observer.figures = { [("figure", Double($0) / 3)] }
    observer.afterStep = { snapshots.append(try TrainingSnapshot($0)) }
    observer.afterEpoch = { snapshots.append(try TrainingSnapshot($0)) }
    try whole.run(observer: observer)
    let end = try TrainingSnapshot(whole)
    #expect(end != start)
    #expect(whole.stepsDone == training.epochs * whole.stepsPerEpoch)
    #expect(snapshots.count == 1 + training.epochs * (whole.stepsPerEpoch + 1))

    for (index, snapshot) in snapshots.enumerated() {
      let rest = fixture.loop(passes, epochs: training.epochs, threads: 1 + index % 3, seed: 1)
      // What the fresh network holds does not matter.
      rest.network.initialize(seed: 99)
      try snapshot.restore(rest)
      let observer = TestObserver()
      observer.figures = { [("figure", Double($0) / 3)] }
      try rest.run(observer: observer)
      #expect(try TrainingSnapshot(rest) == end, "interrupted at \(index)")
    }
  }

  /// What enters the network, step by step: the first part's samples once in each epoch, the other
  /// part's over and over, going on from where they were.
  @Test func everySampleComesUp() throws {
    let fixture = try TrainingFixture(count: 25)
    let parts = [
      fixture.part("first", fixture.samples(0..<18, augmentation: .none), batch: 8),
      fixture.part("second", fixture.samples(18..<25, augmentation: .none), batch: 3),
    ]
    let loop = fixture.loop([TrainingPass(parts: parts, schedule: .constant(0.01))], epochs: 7)
    let size = fixture.assembler.images.shape.count
    var indices: [[Float]: Int] = [:]
    for index in 0..<25 {
      let image = UnsafeMutablePointer<Float>.allocate(capacity: size)
      defer { image.deallocate() }
      fixture.assembler.assemble([index], into: image)
      indices[Array(UnsafeBufferPointer(start: image, count: size))] = index
    }
    try #require(indices.count == 25, "all images are different")

    var (firsts, seconds): ([Int], [Int]) = ([], [])
    let observer = TestObserver()
    observer.afterStep = { loop in
      let count = loop.state.step == 3 ? 2 : 8
      for row in 0..<(count + 3) {
        let pixels = Array(loop.network.input.elements[row * size..<(row + 1) * size])
        let index = try #require(indices[pixels])
        if row < count { firsts.append(index) } else { seconds.append(index) }
      }
    }
    try loop.run(observer: observer)
    for epoch in 0..<7 {
      #expect(firsts[epoch * 18..<(epoch + 1) * 18].sorted() == Array(0..<18))
    }
    // 21 steps of 3 are 9 walks over the 7.
    #expect(seconds.count == 63)
    let walks = (0..<9).map { walk in Array(seconds.dropFirst(7 * walk).prefix(7)) }
    for walk in walks { #expect(walk.sorted() == Array(18..<25)) }
    #expect(Set(walks).count == 9, "each in another order")
  }

  @Test func learnsWhatIsThereToLearn() throws {
    let fixture = try TrainingFixture(count: 120)
    let part = fixture.part("training", fixture.samples(augmentation: .none), batch: 16)
    let pass = TrainingPass(parts: [part], schedule: .oneCycle(peak: 0.05, epochs: 16))
    let loop = fixture.loop([pass], epochs: 16)
    try loop.run(observer: nil)
    let accuracy = try #require(loop.state.history["training_accuracy"])
    let loss = try #require(loop.state.history["training_loss"])
    #expect(accuracy[15] > 0.9)
    #expect(loss[15] < loss[0] / 2)
    let predictions = try Inference.predictions(
      of: loop.network, over: Array(0..<120), of: fixture.assembler)
    let hits = zip(predictions, fixture.assembler.images.labels).count { $0 == $1 }
    #expect(hits > 100)
  }

  @Test func historyHasAColumnForEachMeasure() throws {
    let fixture = try TrainingFixture(count: 27)
    func columns(_ training: Training) throws -> [String] {
      let loop = fixture.loop(training.passes(fixture), epochs: 2)
      let observer = TestObserver()
      observer.figures = { [("test_accuracy", Double($0))] }
      try loop.run(observer: observer)
      #expect(loop.state.history.rowCount == 2)
      #expect(loop.state.history["test_accuracy"] == [0, 1])
      for column in loop.state.history.columns {
        #expect(column.values.count == 2)
        #expect(column.values.allSatisfy { $0.isFinite })
      }
      return loop.state.history.columns.map(\.name)
    }
    #expect(
      try columns(.plain) == ["training_loss", "training_accuracy", "learning_rate", "test_accuracy"])
    #expect(try columns(.features) == ["intra_class_loss", "learning_rate", "test_accuracy"])
    #expect(
      try columns(.twoPasses) == [
        "unlearn_loss", "unlearn_accuracy", "relearn_loss", "relearn_accuracy", "unlearn_learning_rate",
        "relearn_learning_rate", "test_accuracy",
      ])
    #expect(
      try columns(.joint) == [
        "relearn_loss", "relearn_accuracy", "unlearn_loss", "unlearn_accuracy", "learning_rate",
        "test_accuracy",
      ])
  }

  /// The mean of an epoch is over samples, not over batches of different sizes.
  @Test func historyCountsEverySampleOnce() throws {
    let fixture = try TrainingFixture(count: 27)
    let loop = fixture.loop(Training.plain.passes(fixture), epochs: 1)
    let observer = TestObserver()
    var last = TrainingState()
    observer.afterStep = { last = $0.state }
    try loop.run(observer: observer)
    let sums = last.sums[0][0]
    #expect(sums.map(\.count) == [27, 27])
    #expect(loop.state.history["training_loss"] == [sums[0].sum / 27])
    #expect(loop.state.history["training_accuracy"] == [sums[1].sum / 27])
  }

  /// Schedules go on where the earlier training ended, and the order is not that of its epochs.
  @Test func earlierEpochsCount() throws {
    let fixture = try TrainingFixture(count: 16)
    let part = fixture.part("training", fixture.samples(), batch: 8)
    let pass = TrainingPass(parts: [part], schedule: .cosine(rate: 0.1, period: 10))
    func rates(after earlier: Int, epochs: Int) throws -> [Double] {
      let loop = fixture.loop([pass], epochs: epochs, earlierEpochs: earlier)
      try loop.run(observer: nil)
      return try #require(loop.state.history["learning_rate"])
    }
    #expect(try rates(after: 2, epochs: 3) == Array(rates(after: 0, epochs: 5)[2...]))
  }

  /// The linear layer is frozen while features are trained.
  @Test func featureTrainingLeavesTheHeadAlone() throws {
    let fixture = try TrainingFixture(count: 27)
    let loop = fixture.loop(Training.features.passes(fixture), epochs: 2)
    let before = loop.network.parameters.map(\.values.array)
    try loop.run(observer: nil)
    for (parameter, old) in zip(loop.network.parameters, before) {
      #expect((parameter.values.array == old) == parameter.name.hasPrefix("fc."), "\(parameter.name)")
    }
  }

  @Test func divergenceIsNoticed() throws {
    let fixture = try TrainingFixture(count: 27)
    let part = fixture.part("training", fixture.samples(), batch: 8)
    let loop = fixture.loop([TrainingPass(parts: [part], schedule: .constant(1e30))], epochs: 5)
    let error = #expect(throws: TrainingError.self) { try loop.run(observer: nil) }
    let found = try #require(error)
    guard case .notFinite(let what, let epoch, let pass, let step) = found else { return }
    #expect(what == "the loss" || what.hasPrefix("a weight of "))
    #expect((1...2).contains(epoch))
    #expect((1...4).contains(step))
    #expect(pass.contains("'training'"))
    #expect("\(found)".contains("in epoch \(epoch), while training for 'training', step \(step)"))
    #expect(loop.state.history.rowCount == epoch - 1, "the bad epoch is not in the history")
  }

  @Test func anObserverThatThrowsStopsTheTraining() throws {
    struct Stop: Error {}
    let fixture = try TrainingFixture(count: 27)
    let loop = fixture.loop(Training.plain.passes(fixture), epochs: 3)
    let observer = TestObserver()
    observer.afterStep = { if $0.stepsDone == 6 { throw Stop() } }
    #expect(throws: Stop.self) { try loop.run(observer: observer) }
    #expect(loop.stepsDone == 6)
    #expect(loop.state.epoch == 1)
    #expect(loop.state.step == 2)
  }
}
