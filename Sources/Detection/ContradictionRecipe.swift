import Images
import Networks

/// How the networks are trained that foretell which labels contradict their images (see `ContradictionRule`): two for
/// each pass, on half of the images each.
package struct ContradictionRecipe: Sendable {
  package var steps: Int
  package var batch: Int
  package var learningRate: Double

  package init(steps: Int, batch: Int = 64, learningRate: Double = 0.05) {
    self.steps = steps
    self.batch = batch
    self.learningRate = learningRate
  }

  /// What training is divided into for its history: as many parts of equal length.
  package static let sections = 10

  /// Into so many a set is divided: each is judged by the network that is trained on the other.
  package static let halves = 2

  /// What is told apart.
  package static let classNames = ["agrees", "contradicts"]

  /// The images that the network of a half is trained on: those with a target that are in the other one.
  ///
  /// - Parameter halves: The half of each image, `[count]`.
  /// - Returns: `nil` where they do not have both targets.
  package static func members(targets: [Int?], halves: [Int], half: Int) -> [Int]? {
    let members = targets.indices.filter { halves[$0] != half && targets[$0] != nil }
    let marked = members.count { targets[$0] == 1 }
    return marked > 0 && marked < members.count ? members : nil
  }

  /// The pass of one section.
  ///
  /// - Parameters:
  ///   - assembler: of images labelled with what is to be told apart.
  ///   - members: indices, not empty.
  package func pass(over assembler: BatchAssembler, members: [Int]) -> TrainingPass {
    TrainingPass(
      parts: [
        TrainingPart(
          name: "training", samples: TrainingSamples(assembler: assembler, indices: members), batch: batch,
          objective: CrossEntropyObjective())
      ],
      schedule: .oneCycle(peak: learningRate, epochs: Self.sections),
      steps: TrainingSteps.perSection(steps, sections: Self.sections))
  }
}
