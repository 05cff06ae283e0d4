/// How an artifact was made: what its fingerprint covers, and what must not be in the file because
/// equal inputs must give equal bytes (times, memory, the manifest's text).
public struct ArtifactRecord: Hashable, Sendable {
  /// An artifact that the stage read.
  public struct Input: Hashable, Sendable {
    public let name: String
    /// The stage's name in the pipeline that built this; another pipeline may call it otherwise.
    public let stage: String
    public let content: Digest
  }

  /// A file or folder that a path parameter named.
  public struct Outside: Hashable, Sendable {
    public let parameter: String
    public let path: String
    public let digest: Digest
  }

  public struct Parameter: Hashable, Sendable {
    public let name: String
    /// The canonical text.
    public let value: String
  }

  public let fingerprint: Digest
  /// The pipeline and stage that built it; other pipelines may share it under other names.
  public let pipeline: String
  public let stage: String
  public let kind: String
  public let version: Int
  /// All parameters but paths, sorted by name.
  public let parameters: [Parameter]
  /// In the order of input names, and for each input in the order of the manifest.
  public let inputs: [Input]
  public let outside: [Outside]
  /// Of the file without its provenance: what dependents' fingerprints cover.
  public let contentDigest: Digest
  /// Of the finished file: its name in the store.
  public let fileHash: Digest
  /// In bytes.
  public let size: Int64
  public let programVersion: String
  /// Seconds since 1970.
  public let startedAt: Int64
  public let wallSeconds: Double
  /// The largest resident set while the stage ran, in bytes; `nil` where the system does not tell.
  public let peakMemory: Int64?
  public let manifest: String
  public let manifestText: String
  public let notes: [StageNote]
}

extension ArtifactRecord {
  /// When the stage started, in UTC.
  public var startedText: String { Timestamp(startedAt).description }

  private static let format = "winnow-record-1"

  /// The bytes of the record's file.
  func bytes() -> [UInt8] {
    var text = SealedText()
    text.add("format", Self.format)
    text.add("fingerprint", fingerprint.text)
    text.add("pipeline", pipeline)
    text.add("stage", stage)
    text.add("kind", kind)
    text.add("version", "\(version)")
    for parameter in parameters { text.add("parameter", parameter.name, parameter.value) }
    for input in inputs { text.add("input", input.name, input.stage, input.content.text) }
    for outside in outside {
      text.add("outside", outside.parameter, outside.path, outside.digest.text)
    }
    text.add("content", contentDigest.text)
    text.add("file", fileHash.text)
    text.add("size", "\(size)")
    text.add("program", programVersion)
    text.add("started", "\(startedAt)")
    text.add("wall-seconds", "\(wallSeconds)")
    if let peakMemory { text.add("peak-memory", "\(peakMemory)") }
    for note in notes { text.add(note.isWarning ? "warning" : "note", note.text) }
    text.add("manifest", manifest)
    text.add("manifest-text", manifestText)
    return text.bytes()
  }

  /// Reads a record's file; `nil` when it is damaged or of another format.
  init?(_ bytes: [UInt8]) {
    guard let text = SealedText(bytes), text.value("format") == Self.format,
      let fingerprint = text.value("fingerprint").flatMap({ Digest($0) }),
      let pipeline = text.value("pipeline"), let stage = text.value("stage"),
      let kind = text.value("kind"), let version = text.value("version").flatMap({ Int($0) }),
      let contentDigest = text.value("content").flatMap({ Digest($0) }),
      let fileHash = text.value("file").flatMap({ Digest($0) }),
      let size = text.value("size").flatMap({ Int64($0) }),
      let programVersion = text.value("program"),
      let startedAt = text.value("started").flatMap({ Int64($0) }),
      let wallSeconds = text.value("wall-seconds").flatMap({ Double($0) }),
      let manifest = text.value("manifest"), let manifestText = text.value("manifest-text")
    else { return nil }
    self.fingerprint = fingerprint
    self.pipeline = pipeline
    self.stage = stage
    self.kind = kind
    self.version = version
    self.contentDigest = contentDigest
    self.fileHash = fileHash
    self.size = size
    self.programVersion = programVersion
    self.startedAt = startedAt
    self.wallSeconds = wallSeconds
    self.manifest = manifest
    self.manifestText = manifestText
    peakMemory = text.value("peak-memory").flatMap { Int64($0) }

    var parameters: [Parameter] = []
    var inputs: [Input] = []
    var outside: [Outside] = []
    var notes: [StageNote] = []
    for line in text.lines {
      switch (line[0], line.count) {
      case ("parameter", 3):
        parameters.append(Parameter(name: line[1], value: line[2]))
      case ("input", 4):
        guard let content = Digest(line[3]) else { return nil }
        inputs.append(Input(name: line[1], stage: line[2], content: content))
      case ("outside", 4):
        guard let digest = Digest(line[3]) else { return nil }
        outside.append(Outside(parameter: line[1], path: line[2], digest: digest))
      case ("note", 2), ("warning", 2):
        notes.append(StageNote(isWarning: line[0] == "warning", text: line[1]))
      default:
        break
      }
    }
    self.parameters = parameters
    self.inputs = inputs
    self.outside = outside
    self.notes = notes
  }
}
