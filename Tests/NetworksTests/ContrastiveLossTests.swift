import Compute
import Foundation
import Networks
import Testing

/// The relations of the method: none, all given labels, labels of clean samples both ways, and one way.
func groups(_ name: String, labels: [Int], isClean: [Bool]) -> ContrastiveGroups {
  let all = labels.map(Int32.init)
  let clean = zip(all, isClean).map { $1 ? $0 : -1 }
  return switch name {
  case "ctl": ContrastiveGroups(all.map { _ in -1 })
  case "s-ctl": ContrastiveGroups(all)
  case "paper": ContrastiveGroups(clean)
  default: ContrastiveGroups(drawnTo: clean, memberOf: all)
  }
}

@Suite struct ContrastiveLossTests {
  func evaluate(
    _ embeddings: [Float], length: Int, groups: ContrastiveGroups, threads: Int = 2
  ) -> (loss: Double, gradient: [Float]) {
    let samples = groups.memberOf.count
    var gradient = [Float](repeating: .nan, count: embeddings.count)
    let loss = ContrastiveLoss().evaluate(
      length: length, embeddings: embeddings, groups: groups, members: Array(0..<samples)[...],
      workspace: ContrastiveLoss.Workspace(samples: samples), gradient: &gradient,
      pool: WorkerPool(threads: threads))
    return (loss, gradient)
  }

  @Test(arguments: [1, 5, 70], ["ctl", "s-ctl", "paper", "code"])
  func agreesWithPyTorch(samples: Int, relation: String) throws {
    let given = try Reference("loss/\(samples)", in: "contrastive.h5")
    let expected = try Reference("loss/\(samples)/\(relation)", in: "contrastive.h5")
    let found = evaluate(
      try given.floats("embeddings"), length: 12,
      groups: groups(
        relation, labels: try given.integers("labels"),
        isClean: try given.integers("clean").map { $0 == 1 }))
    expectClose([Float(found.loss)], try expected.floats("loss"), within: 1e-5, "loss")
    // The only other view of a single sample attracts with all it has: the gradient is zero.
    let tolerance = samples == 1 ? 1e-6 : 1e-4
    expectClose(found.gradient, try expected.floats("gradient"), within: tolerance, "gradient")
  }

  /// Central differences in double precision of the formula itself.
  @Test(arguments: ["ctl", "s-ctl", "paper", "code"])
  func gradientByDifferences(relation: String) {
    var stream = RandomStream(seed: 11, purpose: RandomPurpose("test"))
    let (samples, length) = (4, 5)
    let labels = [1, 0, 1, 1]
    let isClean = [true, true, true, false]
    let raw = (0..<(2 * samples * length)).map { _ in stream.normal() + 0.3 }
    let embeddings = raw.indices.map { index -> Float in
      let row = index / length * length
      return Float(raw[index] / raw[row..<(row + length)].reduce(0) { $0 + $1 * $1 }.squareRoot())
    }
    func isPositive(_ a: Int, _ b: Int) -> Bool {
      let (i, j) = (a % samples, b % samples)
      if i == j { return true }
      return switch relation {
      case "ctl": false
      case "s-ctl": labels[i] == labels[j]
      case "paper": isClean[i] && isClean[j] && labels[i] == labels[j]
      default: isClean[i] && labels[i] == labels[j]
      }
    }
    func loss(_ z: [Double]) -> Double {
      func similarity(_ a: Int, _ b: Int) -> Double {
        let products = (0..<length).map { z[a * length + $0] * z[b * length + $0] }
        return products.reduce(0, +) / 0.1
      }
      var sum = 0.0
      for a in 0..<(2 * samples) {
        let others = (0..<(2 * samples)).filter { $0 != a }
        let normalizer = log(others.reduce(0) { $0 + exp(similarity(a, $1)) })
        let positives = others.filter { isPositive(a, $0) }
        sum -= positives.reduce(0) { $0 + similarity(a, $1) - normalizer } / Double(positives.count)
      }
      return sum * (0.1 / 0.07) / Double(2 * samples)
    }
    let found = evaluate(
      embeddings, length: length, groups: groups(relation, labels: labels, isClean: isClean))
    let exact = embeddings.map(Double.init)
    #expect(abs(found.loss / loss(exact) - 1) < 1e-6)
    let differences = exact.indices.map { index -> Float in
      var (up, down) = (exact, exact)
      up[index] += 1e-5
      down[index] -= 1e-5
      return Float((loss(up) - loss(down)) / 2e-5)
    }
    expectClose(found.gradient, differences, within: 1e-5, "gradient")
  }

  /// The same bits for any number of threads; finite where all embeddings are equal.
  @Test func threadsAndTies() {
    var stream = RandomStream(seed: 2, purpose: RandomPurpose("test"))
    let relation = groups("s-ctl", labels: (0..<100).map { $0 % 7 }, isClean: [])
    let embeddings = (0..<(200 * 8)).map { _ in Float(stream.normal()) }
    let expected = evaluate(embeddings, length: 8, groups: relation, threads: 1)
    for threads in [2, 3] {
      let found = evaluate(embeddings, length: 8, groups: relation, threads: threads)
      #expect(found.loss == expected.loss && found.gradient == expected.gradient)
    }
    let equal = [Float](repeating: 0.5, count: 200 * 4)
    let found = evaluate(equal, length: 4, groups: relation)
    #expect(abs(found.loss - log(199) * (0.1 / 0.07)) < 1e-4)
    #expect(found.gradient.allSatisfy { $0.isFinite })
  }

  @Test func mixedCrossEntropyAgreesWithPyTorch() throws {
    let reference = try Reference("mixed", in: "contrastive.h5")
    let logits = try reference.floats("logits")
    var gradient = [Float](repeating: 0, count: logits.count)
    let isPoisoned = try reference.integers("poisoned")
    let result = MixedCrossEntropy(poisonedWeight: 0.3).evaluate(
      rows: 7, classes: 5, logits: logits, labels: try reference.integers("labels").map(Int32.init),
      gradient: &gradient
    ) { isPoisoned[$0] == 1 }
    expectClose(gradient, try reference.floats("gradient"), within: 1e-6, "gradient")
    #expect(result.cleanCount == 4 && result.poisonedCount == 3)
    expectClose(
      [Float(result.clean.lossSum / 4), Float(result.poisoned.lossSum / 3)],
      try reference.floats("clean_loss") + reference.floats("poisoned_loss"), within: 1e-6, "losses")
  }

  /// A batch with one kind of sample has one term, and no NaN.
  @Test func mixedCrossEntropyOfOneKind() {
    let logits: [Float] = [2, 0, 1, 0, 3, 0]
    func gradient(_ isPoisoned: Bool) -> [Float] {
      var gradient = [Float](repeating: .nan, count: 6)
      _ = MixedCrossEntropy(poisonedWeight: 0.5).evaluate(
        rows: 2, classes: 3, logits: logits, labels: [0, 2], gradient: &gradient
      ) { _ in isPoisoned }
      return gradient
    }
    var plain = [Float](repeating: 0, count: 6)
    _ = CrossEntropy().evaluate(rows: 2, classes: 3, logits: logits, labels: [0, 2], gradient: &plain)
    expectClose(gradient(false), plain, within: 1e-6, "clean alone")
    expectClose(gradient(true), plain.map { -0.5 * $0 }, within: 1e-6, "poisoned alone")
  }

  /// The figures that the method's description gives.
  @Test func warmedCosine() {
    let schedule = LearningRateSchedule.warmedCosine(
      peak: 0.5, floor: 0.0005, epochs: 200, warmup: 10, start: 0.01)
    func rate(_ epoch: Int, _ step: Int = 0) -> Double {
      schedule.rate(epoch: epoch - 1, step: step, stepsPerEpoch: 98)
    }
    #expect(abs(rate(11) - 0.49628) < 1e-5)
    #expect(abs(rate(100) - 0.25025) < 1e-5)
    #expect(abs(rate(200) - 0.0005) < 1e-9)
    #expect(rate(1) == 0.01)
    let share = (49.0 + 4 * 98) / 980
    #expect(abs(rate(5, 49) - (0.01 + share * (0.496925 - 0.01))) < 1e-6)
    #expect(rate(10, 97) < 0.496925)
  }
}
