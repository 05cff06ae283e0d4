import Compute
import Foundation
import Networks
import Testing

@Suite struct RandomLabelObjectiveTests {
  private static let rows = 5

  private func evaluate(
    _ values: [Float], step: Int, weight: Double = 0.75, seed: UInt64 = 2, given: Int32 = 0
  ) -> (loss: Double, gradient: [Float]) {
    let objective = RandomLabelObjective(weight: weight, seed: seed)
    let classes = values.count / Self.rows
    objective.prepare(samples: Self.rows, length: classes, classes: classes)
    var gradient = [Float](repeating: 0, count: values.count)
    var sums = [Measure()]
    let labels = [Int32](repeating: given, count: Self.rows)
    values.withUnsafeBufferPointer { values in
      gradient.withUnsafeMutableBufferPointer { gradient in
        labels.withUnsafeBufferPointer { labels in
          guard let values = values.baseAddress, let gradient = gradient.baseAddress,
            let labels = labels.baseAddress
          else { return }
          objective.evaluate(
            ObjectiveBatch(
              samples: Self.rows, length: classes, values: values, gradient: gradient, labels: labels,
              members: Array(0..<Self.rows)[...], step: step, pool: .shared), &sums)
        }
      }
    }
    #expect(sums[0].count == Double(Self.rows))
    return (sums[0].mean, gradient)
  }

  private var values: [Float] {
    var stream = RandomStream(seed: 4, purpose: RandomPurpose("test"))
    return (0..<Self.rows * 7).map { _ in Float(stream.normal()) }
  }

  /// Central differences of the weighted loss.
  @Test func gradientByDifferences() {
    let values = values
    let (_, gradient) = evaluate(values, step: 3)
    for index in values.indices {
      var (up, down) = (values, values)
      up[index] += 1e-2
      down[index] -= 1e-2
      let slope =
        0.75 * (evaluate(up, step: 3).loss - evaluate(down, step: 3).loss)
        / Double(up[index] - down[index])
      #expect(abs(slope - Double(gradient[index])) < 1e-4)
    }
  }

  /// The labels of a step: the gradient of each row shows which.
  private func labels(_ step: Int, classes: Int, seed: UInt64 = 2, given: Int32 = 0) -> [Int] {
    let values = [Float](repeating: 0, count: Self.rows * classes)
    let gradient = evaluate(values, step: step, seed: seed, given: given).gradient
    return (0..<Self.rows).compactMap { row in (0..<classes).first { gradient[row * classes + $0] < 0 } }
  }

  /// Of few classes the given one is drawn as often as one of ten, and the others equally often.
  @Test(arguments: [2, 3, 5]) func fewClasses(_ classes: Int) {
    let drawn = (0..<1000).flatMap { labels($0, classes: classes, given: 1) }
    #expect(drawn.count == 5000)
    for label in 0..<classes {
      let expected = label == 1 ? 500 : 4500 / (classes - 1)
      #expect(abs(drawn.count { $0 == label } - expected) < 100, "\(label)")
    }
  }

  /// Each step has labels of its own, all classes equally often.
  @Test func labelsAreDrawnAnew() {
    func labels(_ step: Int, seed: UInt64 = 2) -> [Int] { self.labels(step, classes: 14, seed: seed) }
    let drawn = (0..<1400).map { labels($0) }
    #expect(Set(drawn).count > 1200)
    #expect(labels(5) == drawn[5])
    #expect(labels(5, seed: 3) != drawn[5] || labels(6, seed: 3) != drawn[6])
    for label in 0..<14 {
      // 500 on average.
      let count = drawn.joined().count { $0 == label }
      #expect((420...580).contains(count))
    }
  }
}
