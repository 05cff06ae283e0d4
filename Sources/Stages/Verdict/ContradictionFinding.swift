import Detection
import HDF5

/// What a search for contradictions has found, and its layout in artifacts, beside that of `ScoresArtifact`:
///
///     /contradicts   float64 [count]   1: the check network takes the image for another class than the given one
///     /confident     float64 [count]   1: one of the images that the check network is surest of
///     attributes found ("yes", "no", "not asked"), evidence_size, evidence_contradicted, usual_contradicted of the
///     root
struct ContradictionFinding {
  /// The foretold probability, `[count]`.
  let scores: [Double]
  /// `[count]`
  let contradicts: [Bool]
  let isConfident: [Bool]
  /// Of the first pass; `nil` where nothing was asked.
  let evidence: ContradictionEvidence?
  let isFound: Bool

  private static let (foundName, contradictsName) = ("found", "contradicts")

  init(
    scores: [Double], contradicts: [Bool], isConfident: [Bool], evidence: ContradictionEvidence?, isFound: Bool
  ) {
    self.scores = scores
    self.contradicts = contradicts
    self.isConfident = isConfident
    self.evidence = evidence
    self.isFound = isFound
  }

  /// Where no network was trained.
  init(notAsked count: Int) {
    let none = [Bool](repeating: false, count: count)
    self.init(
      scores: none.map { _ in 0 }, contradicts: none, isConfident: none, evidence: nil, isFound: false)
  }

  /// - Throws: `ArtifactError` where the scores are of another kind.
  init(_ file: HDF5.File) throws {
    guard try file.root.hasAttribute(Self.foundName) else {
      throw ArtifactError.otherScores(
        try file.root.attribute("score"), input: "contradiction", kind: "contradiction")
    }
    let found: String = try file.root.attribute(Self.foundName)
    self.init(
      scores: try ScoresArtifact.readValues(file),
      contradicts: try ScoresArtifact.readColumn(Self.contradictsName, file).map { $0 > 0 }, isConfident: [],
      evidence: nil, isFound: found == "yes")
  }

  func artifact(named name: String, _ outcome: RoundOutcome) -> ScoresArtifact {
    func column(_ name: String, _ values: [Bool], _ meaning: String) -> ScoresArtifact.Column {
      ScoresArtifact.Column(name: name, values: values.map { $0 ? 1 : 0 }, meaning: meaning)
    }
    return ScoresArtifact(
      name: name, values: scores, unit: "probability that the label contradicts the image, foretold from the image",
      properties: [
        Self.foundName: .string(isFound ? "yes" : evidence == nil ? "not asked" : "no"),
        "evidence_size": .integer(evidence?.size ?? 0),
        "evidence_contradicted": .integer(evidence?.contradicted ?? 0),
        "usual_contradicted": .double(evidence?.usual ?? 0),
        RoundOutcome.attributeName: .string(outcome.rawValue),
      ],
      columns: [
        column(
          Self.contradictsName, contradicts,
          "1: the check network takes the image for another class than the given one"),
        column("confident", isConfident, "1: one of the images that the check network is surest of"),
      ])
  }
}
