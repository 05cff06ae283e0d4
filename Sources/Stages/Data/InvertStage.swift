import Attacks
import HDF5
import Images
import Networks
import Pipelines
import Reports

/// Makes the patch of a Trojan attack: pixels that excite the neurons that a benign model's last linear layer
/// listens to most (method 3.4).
///
/// Output: see `PatchArtifact`, and
///
///     /costs   float64 [iterations]   Σ (activation − goal)² over the neurons, before each iteration
///     attributes neurons, activation_before, activation of the root
enum InvertStage: Stage {
  static let model = InputDeclaration(
    "model", .model, count: .one, "A model that was trained on clean images.")

  static let side = Parameter.integer(
    "side", in: 1...1024, default: 3, unit: "pixels", "Height and width of the patch.")
  static let gap = Parameter.integer(
    "gap", in: 0...1024, default: 4, unit: "pixels", "How far it is from the edges of the image.")
  static let neurons = Parameter.integer(
    "neurons", in: 1...1024, default: 2, unit: "neurons", "How many are excited.")
  static let goal = Parameter.real(
    "goal", in: 0...1e6, default: 100, "The activation that is aimed at.")
  static let step = Parameter.real(
    "step", in: 0.001...255, default: 25.5, unit: "grey levels",
    "What an iteration changes a value by.")
  static let iterations = Parameter.integer(
    "iterations", in: 1...1_000_000, default: 1000, unit: "iterations", "How many at most.")
  static let tolerance = Parameter.real(
    "tolerance", in: 0...1e6, default: 1e-3, "The cost at which it stops before.")
  static let seed = Parameter.integer(
    "seed", in: 0...Int(Int32.max), default: 1, "Chooses the pixels that it begins with.")

  static let declaration = StageDeclaration(
    kind: "invert", version: 1,
    summary: "Makes a patch that excites neurons of a benign model (for the attack trojan).",
    inputs: [model],
    parameters: [
      side.declaration, gap.declaration, neurons.declaration, goal.declaration, step.declaration,
      iterations.declaration, tolerance.declaration, seed.declaration,
    ], output: .patch)

  static func run(_ context: StageContext) throws {
    let model = try ModelArtifact.read(
      context.open(model), capacity: 1, context: ExecutionContext(pool: context.pool),
      trainingAt: [.features])
    let name = model.description.architecture.classifier.weightName
    guard let weight = model.network.parameters.first(where: { $0.name == name }) else {
      throw ArtifactError.missingWeights(name, in: try context.open(self.model).path)
    }
    let inversion = NeuronInversion(
      side: context[side], gap: context[gap], neurons: context[neurons], goal: context[goal],
      step: context[step], iterations: context[iterations], tolerance: context[tolerance],
      seed: seed(seed, in: context))
    let result = try inversion.run(
      DifferentiableModel(model.network, normalization: model.normalization),
      weights: weight.exported(weight.values)
    ) { try context.step($0, of: context[iterations], "iterations") }
    try PatchArtifact(patch: result.patch, gap: context[gap]).write(to: context.output)
    let root = try context.output.root
    try root.write(
      result.costs, to: "costs",
      attributes: ["axes": "iteration", "meaning": "sum of the squared distances to the goal"])
    try root.setAttributes([
      "neurons": .integers(result.neurons),
      "activation_before": .double(result.activationBefore), "activation": .double(result.activation),
    ])
    context.note(
      "mean activation of the neurons \(result.neurons.map(String.init).joined(separator: ", ")): "
        + "\(NumberFormat.significant(result.activationBefore)) with random pixels, "
        + "\(NumberFormat.significant(result.activation)) with the patch")
  }
}
