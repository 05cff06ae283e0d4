import Attacks
import Images
import Pipelines
import Reports

/// Plants triggers of our own in a copy of a training set (see `PositiveControls`): what a verdict on the copy finds
/// of them says what it would have found in the set. Nothing but the stages of a verdict takes such a copy.
///
/// Output: see `ImageArtifact` and `ControlArtifact`.
enum ControlsStage: Stage {
  static let images = InputDeclaration(
    "images", .images, .poisonedImages, count: .one, "The training set; its labels are taken as given.")

  static let shares: [(kind: ControlKind, share: Parameter<Double>)] = ControlKind.allCases.map { kind in
    (
      kind,
      .share(
        kind.rawValue, in: 0...0.2, default: 0,
        "How many of all images carry \(kind.phrase); 0 plants none.")
    )
  }
  static let placebos = Parameter.real(
    "placebos", in: 0...2, default: 1, unit: "images",
    "For each of them, images with another trigger of the kind whose labels are left as they are.")
  static let seed = Parameter.integer(
    "seed", in: 0...Int(Int32.max), default: 1, "What the triggers look like, and which images carry them.")

  static let declaration = StageDeclaration(
    kind: "controls", version: 1,
    summary: "Plants triggers of our own in a copy of a training set, to see what a verdict finds of them.",
    inputs: [images],
    parameters: shares.map(\.share.declaration) + [placebos.declaration, seed.declaration],
    output: .controlledImages)

  private static let largestShare = 0.5

  static func problems(with parameters: [String: ParameterValue]) -> [String] {
    let planted = shares.map { $0.share.value(in: parameters) }.reduce(0, +)
    if planted == 0 { return ["all shares are 0: nothing is planted"] }
    let all = planted * (1 + placebos.value(in: parameters))
    return all > largestShare + 1e-9
      ? ["controls and placebos would be \(NumberFormat.percent(all)) of the images: more than half"] : []
  }

  static func run(_ context: StageContext) throws {
    let images = try ImageArtifact.read(context.open(images))
    let controls = PositiveControls(
      shares: Dictionary(uniqueKeysWithValues: shares.map { ($0.kind, context[$0.share]) }),
      placebos: context[placebos], seed: seed(seed, in: context))
    let (copy, planted) = try controls.planted(in: images)
    try ImageArtifact.write(copy, to: context.output)
    try ControlArtifact.write(planted, to: context.output)
    for control in planted {
      context.note(
        "\(control.kind.rawValue): \(control.planted.count) images, labelled '\(images.classNames[control.target])', "
          + "and \(control.placebos.count) placebos")
    }
    if planted.count < shares.count(where: { context[$0.share] > 0 }) {
      context.note("for some of the triggers there are too few images or classes")
    }
  }
}
