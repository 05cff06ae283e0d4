import Pipelines

/// Kinds of stage that do nothing: what the language sees of them is their declarations.
enum ExampleStages {
  static let catalogue = StageCatalogue([
    Load.self, Poison.self, Train.self, Split.self, Evaluate.self, Table.self,
  ])

  static let images = ArtifactType("images")
  static let model = ArtifactType("model")
  static let selection = ArtifactType("selection")
  static let evaluation = ArtifactType("evaluation")
  static let table = ArtifactType("table")

  enum Load: Stage {
    enum Part: String, ParameterWord {
      case train, test

      var summary: String { self == .train ? "the images to learn from" : "the images to test with" }
    }

    static let declaration = StageDeclaration(
      kind: "load", version: 1, summary: "Reads a set of images from files.",
      parameters: [
        Parameter<String>.path("path", "The folder of the files.").declaration,
        Parameter<Part>.choice("split", default: .train, "Which part of the set.").declaration,
        Parameter<Int?>.optionalInteger(
          "count", in: 1...1_000_000, absent: "all images", unit: "images",
          "How many images to take, the same number of each class as far as there are enough of them"
        ).declaration,
      ],
      output: images)

    static func run(_ context: StageContext) throws {}
  }

  enum Poison: Stage {
    enum Attack: String, ParameterWord {
      case badnets, blend, sig

      var summary: String { "the attack of this name" }
    }

    static let declaration = StageDeclaration(
      kind: "poison", version: 3, summary: "Puts a trigger on some images and changes their labels.",
      inputs: [InputDeclaration("images", images, "The clean images.")],
      parameters: [
        Parameter<Attack>.choice("attack", "The trigger.").declaration,
        Parameter<Double>.share("rate", default: 0.1, "The share of images poisoned.").declaration,
        Parameter<Int>.integer("target", in: 0...999, default: 0, "The class to aim at.").declaration,
        Parameter<Bool>.flag("relabel", default: true, "Whether to change labels.").declaration,
      ],
      output: images)

    static func run(_ context: StageContext) throws {}
  }

  enum Train: Stage {
    static let declaration = StageDeclaration(
      kind: "train", version: 1, summary: "Trains a network.",
      inputs: [
        InputDeclaration("images", images, "The images to learn from."),
        InputDeclaration("start", model, count: .optional, "The model to begin with."),
      ],
      parameters: [
        Parameter<Int>.integer(
          "epochs", in: 1...100_000, default: 2, unit: "epochs", "Passes over the data."
        ).declaration,
        Parameter<Double>.real(
          "learning-rate", in: 0...10, default: 0.1, "The step size."
        ).declaration,
        Parameter<[Int]>.integers(
          "milestones", in: 1...100_000, default: [], unit: "epochs",
          "After which epochs the learning rate drops."
        ).declaration,
      ],
      output: model)

    static func problems(with parameters: [String: ParameterValue]) -> [String] {
      guard case .integer(let epochs) = parameters["epochs"],
        case .integers(let milestones) = parameters["milestones"],
        let last = milestones.max(), last >= epochs
      else { return [] }
      return ["milestone \(last) is not before the last of \(epochs) epochs"]
    }

    static func run(_ context: StageContext) throws {}
  }

  enum Split: Stage {
    static let declaration = StageDeclaration(
      kind: "split", version: 1, summary: "Tells clean from poisoned images.",
      inputs: [
        InputDeclaration("images", images, "The images."),
        InputDeclaration("model", model, "The judge."),
      ],
      output: selection)

    static func run(_ context: StageContext) throws {}
  }

  enum Evaluate: Stage {
    static let declaration = StageDeclaration(
      kind: "evaluate", version: 1, summary: "Measures a model.",
      inputs: [
        InputDeclaration("model", model, "The model."),
        InputDeclaration(
          "test", images, selection, count: .one, "The images to test with, or a selection of them."),
      ],
      output: evaluation)

    static func run(_ context: StageContext) throws {}
  }

  enum Table: Stage {
    static let declaration = StageDeclaration(
      kind: "table", version: 1, summary: "Sets evaluations side by side.",
      inputs: [InputDeclaration("evaluations", evaluation, count: .many, "The rows.")],
      output: table)

    static func run(_ context: StageContext) throws {}
  }
}
