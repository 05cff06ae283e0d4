import Defenses
import Foundation
import Images
import Networks
import TestSupport
import Testing

@Suite struct RepairRecipeTests {
  private func passes(
    _ order: RepairRecipe.Order, bound: Double = .infinity,
    cleanOrder: TrainingSamples.Order = .shuffled
  ) throws -> [TrainingPass] {
    RepairRecipe(
      order: order, bound: bound, unlearningWeight: 0.5, batch: 16, poisonedBatch: 4,
      schedule: .constant(1e-3), augmentation: .cropFlip, unlearningAugmentation: .rotateFlip,
      cleanOrder: cleanOrder
    ).passes(
      assembler: BatchAssembler(images: try randomImages(count: 60), normalization: .cifar10),
      clean: Array(0..<40), poisoned: Array(50..<60))
  }

  @Test func alternateUnlearnsAndThenRelearns() throws {
    let passes = try passes(.alternate)
    #expect(passes.map { $0.parts.map(\.name) } == [["unlearn"], ["relearn"]])
    #expect(passes.map(\.steps) == [3, 3], "10 in steps of 4, 40 in steps of 16")
    #expect(passes.map(\.largestBatch) == [4, 16])
    #expect(passes.map { $0.parts[0].samples.indices } == [Array(50..<60), Array(0..<40)])
  }

  @Test func jointHasBothInEveryStep() throws {
    let passes = try passes(.joint)
    #expect(passes.map { $0.parts.map(\.name) } == [["relearn", "unlearn"]])
    #expect(passes[0].steps == 3, "as many as the clean samples need")
    #expect(passes[0].largestBatch == 20)
    #expect(passes[0].parts.map(\.samples.indices) == [Array(0..<40), Array(50..<60)])
  }

  @Test func eachHalfAlone() throws {
    for (order, name) in [(RepairRecipe.Order.unlearn, "unlearn"), (.relearn, "relearn")] {
      let passes = try passes(order)
      #expect(passes.map { $0.parts.map(\.name) } == [[name]])
      #expect(order.usesPoisoned == (name == "unlearn") && order.usesClean == (name == "relearn"))
    }
  }

  @Test(arguments: RepairRecipe.Order.allCases)
  func whatIsAskedForArrives(_ order: RepairRecipe.Order) throws {
    let passes = try passes(order, bound: 1.5, cleanOrder: .balanced)
    let parts = passes.flatMap(\.parts)
    #expect(passes.allSatisfy { $0.schedule == .constant(1e-3) })
    for part in parts {
      let loss = try #require(part.objective as? CrossEntropyObjective).loss
      if part.name == "relearn" {
        #expect(loss.direction == .descend)
        #expect(loss.factor == 1)
        #expect(part.samples.augmentation == .cropFlip)
        #expect(part.samples.order == .balanced)
      } else {
        // In multiples of the cross-entropy of guessing among four classes.
        #expect(loss.direction == .ascend(bound: 1.5 * log(4)))
        #expect(loss.factor == 0.5)
        #expect(part.samples.augmentation == .rotateFlip)
        #expect(part.samples.order == .shuffled)
      }
    }
  }

  @Test func thePublishedAscentHasNoEnd() throws {
    let objective = try passes(.alternate)[0].parts[0].objective
    let loss = try #require(objective as? CrossEntropyObjective).loss
    #expect(loss.direction == .ascend(bound: .infinity))
  }
}
