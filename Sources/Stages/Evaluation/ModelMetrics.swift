import Images
import Networks

/// How a network does on test images; shares between 0 and 1.
struct ModelMetrics {
  /// ACC: share of all clean test images that are classified right.
  let accuracy: Double
  /// Test images of each class, and how many of them are classified right, `[classes]`.
  let classSizes: [Int]
  let classCorrect: [Int]
  /// What the network takes each test image for, `[count]`.
  let predictions: [Int]
  let attack: AttackMetrics?

  /// What only triggered images tell.
  struct AttackMetrics {
    /// ASR: share of triggered images that are classified as the attacker wants.
    let successRate: Double
    /// The share of the same images, without the trigger, that are classified so anyway.
    let floor: Double
    /// R-ACC: share of triggered images that are classified right.
    let robustAccuracy: Double
    /// ACC as published: without the images of the target class (all2one), else as `accuracy`.
    let accuracyWithoutTarget: Double
    /// The target class alone; `nil` where there is no single one (all2all).
    let targetAccuracy: Double?
    let predictions: [Int]
    let target: Int
  }

  /// Metrics under the names that histories and evaluations use.
  var named: [(name: String, value: Double)] {
    [("test_accuracy", accuracy)]
      + (attack.map {
        [
          ("test_accuracy_without_target", $0.accuracyWithoutTarget),
          ("attack_success_rate", $0.successRate), ("attack_success_floor", $0.floor),
          ("robust_accuracy", $0.robustAccuracy),
        ] + ($0.targetAccuracy.map { [("test_target_class", $0)] } ?? [])
      } ?? [])
  }

  /// Runs the network over the test sets.
  static func measure(
    _ network: ResidualNetwork, test: BatchAssembler, triggered: (TriggeredArtifact, BatchAssembler)?,
    eachBatch: (Range<Int>) throws -> Void = { _ in }
  ) throws -> ModelMetrics {
    let labels = test.images.labels
    let predictions = try Inference.predictions(
      of: network, over: Array(labels.indices), of: test, eachBatch: eachBatch)
    let isRight = zip(predictions, labels).map { $0 == $1 }
    var correct = [Int](repeating: 0, count: test.images.classCount)
    for index in labels.indices where isRight[index] { correct[labels[index]] += 1 }
    return ModelMetrics(
      accuracy: share(labels.indices) { isRight[$0] }, classSizes: test.images.classSizes,
      classCorrect: correct, predictions: predictions,
      attack: try triggered.map {
        try measure(network, $0, $1, clean: predictions, labels: labels, eachBatch: eachBatch)
      })
  }

  private static func measure(
    _ network: ResidualNetwork, _ triggered: TriggeredArtifact, _ assembler: BatchAssembler,
    clean: [Int], labels: [Int], eachBatch: (Range<Int>) throws -> Void
  ) throws -> AttackMetrics {
    let all = triggered.images.labels.indices
    let predictions = try Inference.predictions(
      of: network, over: Array(all), of: assembler, eachBatch: eachBatch)
    let isAllToAll = triggered.labelMode == .allToAll
    let targets = labels.indices.filter { labels[$0] == triggered.target }
    return AttackMetrics(
      successRate: share(all) { predictions[$0] == triggered.attackerLabels[$0] },
      floor: share(all) { clean[triggered.originalIndices[$0]] == triggered.attackerLabels[$0] },
      robustAccuracy: share(all) { predictions[$0] == triggered.images.labels[$0] },
      accuracyWithoutTarget: share(
        labels.indices.lazy.filter { isAllToAll || labels[$0] != triggered.target }
      ) { clean[$0] == labels[$0] },
      targetAccuracy: isAllToAll || targets.isEmpty
        ? nil : share(targets) { clean[$0] == triggered.target },
      predictions: predictions, target: triggered.target)
  }

  private static func share<Elements: Sequence>(
    _ elements: Elements, where predicate: (Elements.Element) -> Bool
  ) -> Double {
    var (count, hits) = (0, 0)
    for element in elements {
      count += 1
      if predicate(element) { hits += 1 }
    }
    return Double(hits) / Double(max(count, 1))
  }
}
