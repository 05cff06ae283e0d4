import Detection
import Foundation
import HDF5

/// A verdict, and its layout in artifacts. What a split has is there as well, so that a verdict is taken
/// wherever a split is.
///
///     /flags        uint8 [count]      0 clean, 1 uncertain, 2 poisoned
///     /labels       int64 [count]      the given labels
///     /suspects     int64 [named]      indices of the images named poisoned, the surest first
///     /confidence   float64 [count]    how well an image's label is kept, in recognised classes joined with how surely
///                                      the image is recognised, or how surely it is foretold that its label
///                                      contradicts it, or how surely it has the trigger of its class: of named ones,
///                                      how sure that is
///     /evidence     group              a row for each class of which some image's label is kept:
///                                      class, size, group_size, certain_size, named int64; agreement,
///                                      usual_agreement, transplanted, mark float64; state text
///     /power        group, where controls were planted in copies of the set: a row for each of them; kind text;
///                                      target_class, total, planted, named, placebos, placebos_named int64;
///                                      called, found uint8; attribute others_named
///     attributes verdict, reasons (JSON), poisoned_count, poisoned_share, share_low, share_high, class_names,
///     and those of a split, of the root
struct VerdictArtifact {
  let verdict: Verdict
  /// The given labels of the samples that it is on, `[count]`, and the names of the classes.
  let labels: [Int]
  let classNames: [String]
  /// What it would have found, where that was tried.
  var power: DetectionPower?

  private static let stateName = "verdict"
  static let confidenceName = "confidence"

  init(verdict: Verdict, labels: [Int], classNames: [String]) {
    self.verdict = verdict
    self.labels = labels
    self.classNames = classNames
  }

  /// What the file says, without the rest.
  ///
  /// - Returns: `nil` where it holds a split, which says nothing.
  static func stateIfPresent(of file: HDF5.File) throws -> Verdict.State? {
    try file.root.hasAttribute(stateName) ? state(of: file) : nil
  }

  static func state(of file: HDF5.File) throws -> Verdict.State {
    let word: String = try file.root.attribute(stateName)
    guard let state = Verdict.State(rawValue: word) else {
      throw ArtifactError.unknownWord(word, attribute: stateName, in: file.path)
    }
    return state
  }

  func write(to file: HDF5.File) throws {
    let (root, named) = (try file.root, verdict.named)
    try root.write(
      verdict.flags.map(\.rawValue), to: "flags",
      attributes: ["axes": "image", "meaning": "0: clean; 1: uncertain; 2: poisoned"])
    try root.write(labels, to: "labels", attributes: ["axes": "image", "meaning": "the given labels"])
    try root.write(
      named, to: "suspects",
      attributes: ["meaning": "indices of the samples named poisoned, the surest first"])
    try root.write(
      verdict.confidences, to: Self.confidenceName,
      attributes: [
        "axes": "image", "unit": "probability",
        "meaning": """
        of the given label after confusion training, in classes where suspects were recognised joined with that of \
        being one, or, where something in the images foretells which labels contradict them, that this one does, or, in \
        classes with a trigger, that the image has it: for a sample named poisoned, how sure that is
        """,
      ])
    try writeEvidence(to: root)
    try power.map { try PowerRows.write($0, to: root) }
    func count(_ flag: SampleSplit.Flag) -> Int { verdict.flags.count { $0 == flag } }
    func confidences(_ flag: SampleSplit.Flag) -> [Double] {
      verdict.flags.indices.filter { verdict.flags[$0] == flag }.map { verdict.confidences[$0] }
    }
    let total = Double(max(verdict.flags.count, 1))
    try root.setAttributes([
      Self.stateName: .string(verdict.state.rawValue),
      "reasons": .string(try Self.json(verdict.reasons)),
      "clean_count": .integer(count(.clean)), "uncertain_count": .integer(count(.uncertain)),
      "poisoned_count": .integer(named.count),
      "poisoned_share": .double(Double(named.count) / total),
      "share_low": .double(Double(verdict.countRange.lowerBound) / total),
      "share_high": .double(Double(verdict.countRange.upperBound) / total),
      "clean_threshold": .double(confidences(.clean).max() ?? 0),
      "poisoned_threshold": .double(confidences(.poisoned).min() ?? 0),
      "class_names": .strings(classNames),
    ])
  }

  /// Makes sure that it is on the samples with these labels.
  ///
  /// - Parameters:
  ///   - first: the stage or input that they are of.
  ///   - second: that which this is of.
  /// - Throws: `ArtifactError` that names both.
  func requireSameSamples(
    labels: [Int], classNames: [String], _ first: String, _ second: String
  ) throws(ArtifactError) {
    guard self.labels.count == labels.count else {
      throw .differentCounts("labels of '\(first)'", labels.count, "flags of '\(second)'", self.labels.count)
    }
    guard self.classNames == classNames else { throw .otherClassNames(first, second) }
    guard self.labels == labels else { throw .otherLabels(first, second) }
  }

  private static func json(_ reasons: [Verdict.Reason]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return String(decoding: try encoder.encode(reasons), as: UTF8.self)
  }

  private func writeEvidence(to root: HDF5.Group) throws {
    let group = try root.createGroup(
      "evidence",
      attributes: [
        "axes": "class of which some image's label is kept",
        "agreement": "share of those images that the check network takes for what they are labelled",
        "usual_agreement": "the same over the other images of the class",
        "mark": "share of the picture that denied ones of those have alike; not 0: it was put on the others",
        "transplanted": "share of images of other classes that are taken for it with its trigger on them",
      ])
    let rows = verdict.evidence
    try group.write(rows.map(\.label), to: "class")
    try group.write(rows.map(\.size), to: "size")
    try group.write(rows.map(\.groupSize), to: "group_size")
    try group.write(rows.map(\.certainSize), to: "certain_size")
    try group.write(rows.map(\.named), to: "named")
    try group.write(rows.map(\.agreement), to: "agreement")
    try group.write(rows.map(\.usualAgreement), to: "usual_agreement")
    try group.write(rows.map(\.transplanted), to: "transplanted")
    try group.write(rows.map(\.mark), to: "mark")
    try group.write(rows.map(\.state.rawValue), to: "state")
  }

  init(_ file: HDF5.File) throws {
    let root = try file.root
    let flags = try SplitArtifact(file).split.flags
    let total = Double(flags.count)
    func count(_ name: String) throws -> Int {
      Int((try root.attribute(name, as: Double.self) * total).rounded())
    }
    let (low, high) = (try count("share_low"), try count("share_high"))
    let reasons: String = try root.attribute("reasons")
    verdict = Verdict(
      state: try Self.state(of: file),
      reasons: try JSONDecoder().decode([Verdict.Reason].self, from: Data(reasons.utf8)),
      evidence: try Self.readEvidence(root.group("evidence"), in: file), flags: flags,
      confidences: try ScoresArtifact.readColumn(Self.confidenceName, file), countRange: low...max(low, high))
    labels = try root.read("labels")
    guard labels.count == flags.count else {
      throw ArtifactError.differentCounts("labels", labels.count, "flags", flags.count)
    }
    classNames = try root.attribute("class_names")
    power = try PowerRows.readIfPresent(root)
  }

  private static func readEvidence(_ group: HDF5.Group, in file: HDF5.File) throws -> [ClassEvidence] {
    func numbers(_ name: String) throws -> [Int] { try group.read(name) }
    let (labels, sizes) = (try numbers("class"), try numbers("size"))
    let (groups, certain, named) = (
      try numbers("group_size"), try numbers("certain_size"), try numbers("named")
    )
    let agreements: [Double] = try group.read("agreement")
    let usual: [Double] = try group.read("usual_agreement")
    let transplanted: [Double] = try group.read("transplanted")
    let marks: [Double] = try group.read("mark")
    let states = try group.readStrings("state")
    return try labels.indices.map { row in
      guard let state = ClassEvidence.State(rawValue: states[row]) else {
        throw ArtifactError.unknownWord(states[row], attribute: "state", in: file.path)
      }
      return ClassEvidence(
        label: labels[row], size: sizes[row], groupSize: groups[row], certainSize: certain[row],
        agreement: agreements[row], usualAgreement: usual[row], state: state, named: named[row],
        transplanted: transplanted[row], mark: marks[row])
    }
  }
}
