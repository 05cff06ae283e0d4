import Compute
import Foundation
import HDF5
import Networks
import Testing

@Suite struct LossTests {
  @Test func crossEntropyAgreesWithPyTorch() throws {
    let reference = try Reference("cross_entropy")
    let logits = try reference.floats("logits")
    let labels = try reference.integers("labels").map(Int32.init)
    var gradient = [Float](repeating: 0, count: logits.count)
    let result = CrossEntropy().evaluate(
      rows: 6, classes: 10, logits: logits, labels: labels, gradient: &gradient)
    expectClose(gradient, try reference.floats("gradient"), within: 1e-6, "gradient")
    expectClose([Float(result.lossSum / 6)], try reference.floats("loss"), within: 1e-6, "loss")
  }

  @Test func ascentIsTheNegativeUntilItsBound() {
    let logits: [Float] = [4, 0, 0, -3, 1, 0]
    let labels: [Int32] = [0, 0]
    func gradient(_ direction: CrossEntropy.Direction) -> [Float] {
      var gradient = [Float](repeating: 0, count: 6)
      _ = CrossEntropy(direction: direction).evaluate(
        rows: 2, classes: 3, logits: logits, labels: labels, gradient: &gradient)
      return gradient
    }
    let descent = gradient(.descend)
    #expect(gradient(.ascend(bound: .infinity)) == descent.map { -$0 })
    // The first sample's cross-entropy is near 0, the second's above 4.
    let bounded = gradient(.ascend(bound: 2))
    #expect(bounded[..<3].elementsEqual(descent[..<3].map { -$0 }))
    #expect(bounded[3...].allSatisfy { $0 == 0 })
  }

  @Test func intraClassAgreesWithPyTorch() throws {
    let reference = try Reference("intra_class")
    let features = try reference.floats("features")
    let labels = try reference.integers("labels").map(Int32.init)
    var gradient = [Float](repeating: 0, count: features.count)
    let loss = IntraClassLoss().evaluate(
      rows: 24, length: 20, features: features, labels: labels,
      workspace: IntraClassLoss.Workspace(classes: 1 + Int(labels.max() ?? 0), length: 20),
      gradient: &gradient)
    expectClose(gradient, try reference.floats("gradient"), within: 1e-5, "gradient")
    expectClose([Float(loss)], try reference.floats("loss"), within: 1e-6, "loss")
  }

  /// Features that are all zero have no direction: no gradient, no NaN.
  @Test func intraClassOfZeroFeatures() {
    var gradient = [Float](repeating: 1, count: 12)
    let loss = IntraClassLoss().evaluate(
      rows: 4, length: 3, features: [Float](repeating: 0, count: 12), labels: [0, 1, 1, 2],
      workspace: IntraClassLoss.Workspace(classes: 3, length: 3), gradient: &gradient)
    #expect(loss == 0)
    #expect(gradient.allSatisfy { $0 == 0 })
  }

  /// Central differences in double precision of the formula itself.
  @Test func intraClassGradientByDifferences() {
    var stream = RandomStream(seed: 3, purpose: RandomPurpose("test"))
    let labels: [Int32] = [2, 0, 2, 5, 0, 5, 5]
    let features = (0..<(7 * 6)).map { _ in Float(max(0, stream.normal())) }
    func loss(_ features: [Double]) -> Double {
      let classes = Set(labels).sorted()
      let centres = classes.map { label -> [Double] in
        let rows = labels.indices.filter { labels[$0] == label }
        let mean = (0..<6).map { j in
          rows.reduce(0) { $0 + features[$1 * 6 + j] } / Double(rows.count)
        }
        let length = mean.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return mean.map { $0 / max(length, 1e-12) }
      }
      var sum = 0.0
      for k in classes.indices {
        for l in classes.indices where l != k {
          sum += zip(centres[k], centres[l]).reduce(0) { $0 + $1.0 * $1.1 }
        }
      }
      return sum / Double(classes.count * classes.count)
    }
    var gradient = [Float](repeating: 0, count: features.count)
    let found = IntraClassLoss().evaluate(
      rows: 7, length: 6, features: features, labels: labels,
      workspace: IntraClassLoss.Workspace(classes: 1 + Int(labels.max() ?? 0), length: 6),
      gradient: &gradient)
    let exact = features.map(Double.init)
    #expect(abs(found - loss(exact)) < 1e-9)
    let differences = exact.indices.map { index -> Float in
      var (up, down) = (exact, exact)
      up[index] += 1e-5
      down[index] -= 1e-5
      return Float((loss(up) - loss(down)) / 2e-5)
    }
    expectClose(gradient, differences, within: 1e-5, "gradient")
  }

  @Test func schedulesAgreeWithPyTorch() throws {
    let reference = try Reference("schedule")
    func rates(_ schedule: LearningRateSchedule, _ epochs: Int, _ steps: Int) -> [Float] {
      (0..<epochs).flatMap { epoch in
        (0..<steps).map { Float(schedule.rate(epoch: epoch, step: $0, stepsPerEpoch: steps)) }
      }
    }
    expectClose(
      rates(.cosine(rate: 0.01, period: 100), 12, 2), try reference.floats("cosine"), within: 1e-6,
      "cosine")
    expectClose(
      rates(.steps(rate: 0.01, milestones: [3, 5], factor: 0.1), 8, 2),
      try reference.floats("steps"), within: 1e-6, "steps")
    expectClose(
      rates(.oneCycle(peak: 0.05, epochs: 5), 5, 6), try reference.floats("one_cycle"),
      within: 1e-6, "one cycle")
  }

  @Test func trapezoid() {
    let schedule = LearningRateSchedule.trapezoid(peak: 0.5, epochs: 10, rise: 20, flat: 0.6, floor: 0.02)
    let rates = (0..<350).map { schedule.rate(epoch: $0 / 35, step: $0 % 35, stepsPerEpoch: 35) }
    #expect(rates[0] == 0.5 / 20)
    #expect(zip(rates[..<20], rates[1...]).allSatisfy { $0 < $1 || $0 == 0.5 })
    #expect(rates[19...210].allSatisfy { $0 == 0.5 })
    #expect(zip(rates[210...], rates[211...]).allSatisfy { $0 > $1 })
    #expect(abs(rates[349] - 0.01) < 1e-12)
  }

  /// The rise of one cycle in a quarter of the steps.
  @Test func oneCycleWithAnotherRise() {
    let schedule = LearningRateSchedule.oneCycle(peak: 0.1, epochs: 10, rise: 0.25)
    let rates = (0..<400).map { schedule.rate(epoch: $0 / 40, step: $0 % 40, stepsPerEpoch: 40) }
    #expect(rates.firstIndex(of: rates.max() ?? 0) == 99)
    #expect(abs(rates[0] - 0.004) < 1e-12 && abs(rates[99] - 0.1) < 1e-12 && rates[399] < 1e-6)
  }
}
