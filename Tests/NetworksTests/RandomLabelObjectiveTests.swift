import Compute
import Foundation
import Networks
import Testing

@Suite struct RandomLabelObjectiveTests {
  private static let (rows, classes) = (5, 7)

  private func evaluate(
    _ values: [Float], step: Int, weight: Double = 0.75, seed: UInt64 = 2
  ) -> (loss: Double, gradient: [Float]) {
    let objective = RandomLabelObjective(weight: weight, seed: seed)
    objective.prepare(samples: Self.rows, length: Self.classes, classes: Self.classes)
    var gradient = [Float](repeating: 0, count: values.count)
    var sums = [Measure()]
    let labels = [Int32](repeating: 0, count: Self.rows)
    values.withUnsafeBufferPointer { values in
      gradient.withUnsafeMutableBufferPointer { gradient in
        labels.withUnsafeBufferPointer { labels in
          guard let values = values.baseAddress, let gradient = gradient.baseAddress,
            let labels = labels.baseAddress
          else { return }
          objective.evaluate(
            ObjectiveBatch(
              samples: Self.rows, length: Self.classes, values: values, gradient: gradient, labels: labels,
              members: Array(0..<Self.rows)[...], step: step, pool: .shared), &sums)
        }
      }
    }
    #expect(sums[0].count == Double(Self.rows))
    return (sums[0].mean, gradient)
  }

  private var values: [Float] {
    var stream = RandomStream(seed: 4, purpose: RandomPurpose("test"))
    return (0..<Self.rows * Self.classes).map { _ in Float(stream.normal()) }
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

  /// Each step has labels of its own, all classes equally often; the gradient of each row shows which.
  @Test func labelsAreDrawnAnew() {
    let values = [Float](repeating: 0, count: Self.rows * Self.classes)
    func labels(_ step: Int, seed: UInt64 = 2) -> [Int] {
      let gradient = evaluate(values, step: step, seed: seed).gradient
      return (0..<Self.rows).compactMap { row in
        (0..<Self.classes).first { gradient[row * Self.classes + $0] < 0 }
      }
    }
    let drawn = (0..<700).map { labels($0) }
    #expect(Set(drawn).count > 600)
    #expect(labels(5) == drawn[5])
    #expect(labels(5, seed: 3) != drawn[5] || labels(6, seed: 3) != drawn[6])
    for label in 0..<Self.classes {
      // 500 on average.
      let count = drawn.joined().count { $0 == label }
      #expect((420...580).contains(count))
    }
  }
}
