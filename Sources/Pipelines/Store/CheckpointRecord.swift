/// What is known of a checkpoint: where the stage stood, and which bytes it saved.
public struct CheckpointRecord: Hashable, Sendable {
  /// A checkpoint is written beside the one before it, which goes only when the new record is on the
  /// disk: a crash between the two leaves one that fits its record.
  enum Slot: String, Sendable {
    case a, b

    var other: Slot { self == .a ? .b : .a }
  }

  public let fingerprint: Digest
  public let pipeline: String
  public let stage: String
  /// Where the stage stood: "epoch 3 of 12".
  public let label: String
  /// Seconds since 1970.
  public let savedAt: Int64
  private let version: String
  private let build: ProgramBuild
  public let fileHash: Digest
  public let size: Int64
  let slot: Slot
}

extension CheckpointRecord {
  /// - Parameter programVersion: of the running program, which saves it.
  init(
    fingerprint: Digest, pipeline: String, stage: String, label: String, savedAt: Int64,
    programVersion: String, fileHash: Digest, size: Int64, slot: Slot
  ) {
    self.init(
      fingerprint: fingerprint, pipeline: pipeline, stage: stage, label: label, savedAt: savedAt,
      version: programVersion, build: .running, fileHash: fileHash, size: size, slot: slot)
  }

  /// The version of the program that saved it; with the build, where that is not the running one. A stage
  /// goes on only in the program that it was begun in: another build of the same version may round
  /// otherwise.
  public var programVersion: String {
    build == .running ? version : "\(version) of another build (\(build.abbreviation))"
  }
}

extension CheckpointRecord {
  private static let format = "winnow-checkpoint-1"

  func bytes() -> [UInt8] {
    var text = SealedText()
    text.add("format", Self.format)
    text.add("fingerprint", fingerprint.text)
    text.add("pipeline", pipeline)
    text.add("stage", stage)
    text.add("label", label)
    text.add("saved", "\(savedAt)")
    text.add("program", version)
    text.add("build", build.text)
    text.add("file", fileHash.text)
    text.add("size", "\(size)")
    text.add("slot", slot.rawValue)
    return text.bytes()
  }

  /// Reads a record's file; `nil` when it is damaged or of another format.
  init?(_ bytes: [UInt8]) {
    guard let text = SealedText(bytes), text.value("format") == Self.format,
      let fingerprint = text.value("fingerprint").flatMap({ Digest($0) }),
      let pipeline = text.value("pipeline"), let stage = text.value("stage"),
      let label = text.value("label"), let savedAt = text.value("saved").flatMap({ Int64($0) }),
      let version = text.value("program"),
      let fileHash = text.value("file").flatMap({ Digest($0) }),
      let size = text.value("size").flatMap({ Int64($0) }),
      let slot = text.value("slot").flatMap(Slot.init)
    else { return nil }
    let build = text.value("build").map { ProgramBuild(text: $0) } ?? .unknown
    self.init(
      fingerprint: fingerprint, pipeline: pipeline, stage: stage, label: label, savedAt: savedAt,
      version: version, build: build, fileHash: fileHash, size: size, slot: slot)
  }
}
