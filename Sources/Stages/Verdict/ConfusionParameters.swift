import Detection
import Images
import Pipelines
import Reports

/// The parameters of a round of confusion training.
enum ConfusionParameters {
  /// How the base is chosen.
  struct Base {
    let select = Parameter<Selection>.choice(
      "select", default: .rank, "Which images are the base.")
    let share = Parameter.share(
      "share", in: 0.01...1, default: 0.45, "With `select = rank`: how many are, of the lowest scores.")
    let below = Parameter.share(
      "below", in: 0.001...1, default: 0.4,
      "With `select = probability` and `classes`: those of which the given label is less probable.")
    let suspects = Parameter.integer(
      "suspects", in: 1...1000, default: 2, unit: "classes",
      "With `select = classes`: how many classes are suspect, but fewer than half.")
    let top = Parameter.share(
      "top", in: 0.001...1, default: 0.06,
      "With `select = classes`: they are those with the most images in this share of the highest scores.")
    let suspectShare = Parameter.share(
      "suspect-share", in: 0.01...1, default: 0.6,
      "With `select = classes`: how many images of those classes are of the base, of the lowest scores.")
    let checkWeight = Parameter.real(
      "check-weight", in: 0...100, default: 0.6,
      "With `select = classes`: how much of the rank by the check network is taken off that by the scores.")

    var declarations: [ParameterDeclaration] {
      [
        select.declaration, share.declaration, below.declaration, suspects.declaration, top.declaration,
        suspectShare.declaration, checkWeight.declaration,
      ]
    }

    func members(
      of input: ConfusionInput, images: ImageSet, seed: UInt64, _ context: StageContext
    ) throws -> [Bool] {
      switch context[select] {
      case .rank:
        return ConfusionBase.lowest(context[share], scores: input.scores, seed: seed)
      case .probability:
        return ConfusionBase.below(context[below], probabilities: input.probabilities)
      case .unnamed:
        guard let flags = input.flags else {
          throw ArtifactError.missingInput("verdict", for: "'select = unnamed'")
        }
        guard flags.count == images.count else {
          throw ArtifactError.differentCounts("flags", flags.count, "labels", images.count)
        }
        return flags.map { $0 != .poisoned }
      case .classes:
        guard let check = input.check else {
          throw ArtifactError.missingInput("check", for: "'select = classes'")
        }
        try check.checkCount(images)
        let ranks = Ranking.shares(of: check.probabilities)
        let scores = zip(Ranking.shares(of: input.scores), ranks).map { $0 - context[checkWeight] * $1 }
        let suspects = ConfusionBase.suspects(
          context[self.suspects], top: context[top], scores: scores, labels: images.labels, seed: seed)
        context.note(
          suspects.isEmpty
            ? "of two classes none is spared" : "most suspect are: " + suspects.map { images.classNames[$0] }.listed())
        return ConfusionBase.sparing(
          suspects: suspects, share: context[suspectShare], scores: scores, below: context[below],
          probabilities: input.probabilities, labels: images.labels, seed: seed)
      }
    }
  }

  enum Selection: String, ParameterWord {
    case rank, probability, classes, unnamed

    var summary: String {
      switch self {
      case .rank: "those with the lowest scores"
      case .probability: "those whose label earlier rounds have made improbable"
      case .unnamed: "all that a verdict does not name poisoned"
      case .classes: "as `probability`, but of the most suspect classes those with the lowest scores"
      }
    }
  }

  /// How the round is trained.
  struct Recipe {
    let keep = Parameter.real(
      "keep", in: 0...1, default: 0.3,
      "With `select = rank`: how much of the earlier scores is added to this round's.")
    let lambda = Parameter.real(
      "lambda", in: 0...1000, default: 3, "The weight of random labels over that of given ones.")
    let shifted = Parameter.share(
      "shifted", default: 0, "How many images of the base are shown shifted and mirrored at random.")
    let reach = Parameter.integer(
      "reach", in: 0...16, default: 6, unit: "pixels",
      "How far they are shifted at most, around the edge, in images of 32 pixels.")
    let superimposed = Parameter.integer(
      "superimposed", in: 0...1000, default: 4,
      "With `select = rank`: images of the set that are added to each image, one at a time.")
    let windows = Parameter.integer(
      "windows", in: 0...8, default: 3, unit: "windows",
      "With `select = rank`: in either direction, of half an image's height and width, put over other images.")
    let steps = Parameter.integer(
      "steps", in: 1...1_000_000, default: 350, unit: "steps",
      "How long to train " + TrainingSteps.rule)
    let batch = Parameter.integer(
      "batch", in: 1...32_768, default: 64, unit: "images",
      "Images of the whole set in a step, and as many of the base.")
    let learningRate = Parameter.real(
      "learning-rate", in: 1e-12...1000, default: 0.05, "The peak of the rate.")
    let rise = Parameter.integer(
      "rise", in: 1...1_000_000, default: 20, unit: "steps", "In which the rate rises to its peak.")
    let flat = Parameter.share(
      "flat", in: 0...1, default: 0.6, "The share of all steps after which the rate falls.")
    let floor = Parameter.share(
      "floor", in: 0...1, default: 0.02, "Where it ends, as a share of the peak.")
    let momentum = Parameter.real("momentum", in: 0...0.9999, default: 0.9, "Momentum of the descent.")
    let weightDecay = Parameter.real("weight-decay", in: 0...1, default: 1e-4, "Decay of all weights.")
    let seed = Parameter.integer(
      "seed", in: 0...Int(Int32.max), default: 1, "Order, random labels and views.")
    let stream = Parameter.integer(
      "stream", in: 0...1000, default: 0,
      "Rounds of the same seed and different streams draw independently of each other.")

    var declarations: [ParameterDeclaration] {
      [
        keep.declaration, lambda.declaration, shifted.declaration, reach.declaration,
        superimposed.declaration, windows.declaration, steps.declaration, batch.declaration, learningRate.declaration,
        rise.declaration, flat.declaration, floor.declaration, momentum.declaration, weightDecay.declaration,
        seed.declaration, stream.declaration,
      ]
    }

    func recipe(for count: Int, _ context: StageContext) -> ConfusionRecipe {
      ConfusionRecipe(
        lambda: context[lambda], shiftedShare: context[shifted], reach: context[reach],
        steps: TrainingSteps.scaled(context[steps], images: count), batch: context[batch],
        learningRate: context[learningRate], rise: context[rise], flat: context[flat],
        floor: context[floor])
    }
  }
}
