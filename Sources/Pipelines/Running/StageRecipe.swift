/// What a fingerprint covers of a stage apart from its inputs: kind, version, parameters, outside bytes.
struct StageRecipe: Hashable, Sendable {
  let kind: String
  let version: Int
  /// Sorted by name; without paths, whose text means nothing.
  let parameters: [ArtifactRecord.Parameter]
  /// Sorted by parameter.
  let outside: [ArtifactRecord.Outside]
  /// The inputs for many artifacts: a stage tells those apart by the names of their stages, which may
  /// come up in its result.
  private let namedInputs: Set<String>

  init(_ stage: PipelineStage, outside: [ArtifactRecord.Outside]) {
    kind = stage.declaration.kind
    version = stage.declaration.version
    parameters = stage.parameters.sorted { $0.key < $1.key }.compactMap { name, value in
      if case .path = value { return nil }
      return ArtifactRecord.Parameter(name: name, value: value.canonical)
    }
    self.outside = outside
    namedInputs = Set(stage.declaration.inputs.filter { $0.count.takesSeveral }.map(\.name))
  }

  /// What a fingerprint covers besides the inputs, for looking up records.
  struct Key: Hashable {
    let kind: String
    let version: Int
    let parameters: [ArtifactRecord.Parameter]
    let outside: [String: Digest]

    init(
      kind: String, version: Int, parameters: [ArtifactRecord.Parameter], outside: [ArtifactRecord.Outside]
    ) {
      self.kind = kind
      self.version = version
      self.parameters = parameters
      self.outside = Dictionary(
        outside.map { ($0.parameter, $0.digest) }, uniquingKeysWith: { first, _ in first })
    }

    init(_ record: ArtifactRecord) {
      self.init(
        kind: record.kind, version: record.version, parameters: record.parameters, outside: record.outside)
    }
  }

  var key: Key { Key(kind: kind, version: version, parameters: parameters, outside: outside) }

  /// Whether an input is what it was when something was built: its content, and where it counts the name.
  func isSame(_ input: ArtifactRecord.Input, _ other: ArtifactRecord.Input) -> Bool {
    input.name == other.name && input.content == other.content
      && (!namedInputs.contains(input.name) || input.stage == other.stage)
  }

  /// The identity of an artifact: equal fingerprints, equal bytes.
  ///
  /// - Parameter inputs: In the order of input names.
  func fingerprint(inputs: [ArtifactRecord.Input]) -> Digest {
    var builder = DigestBuilder()
    builder.add("winnow-fingerprint-1")
    builder.add(kind)
    builder.add(version)
    builder.add(parameters.count)
    for parameter in parameters {
      builder.add(parameter.name)
      builder.add(parameter.value)
    }
    builder.add(outside.count)
    for outside in outside {
      builder.add(outside.parameter)
      builder.add(outside.digest)
    }
    builder.add(inputs.count)
    for input in inputs {
      builder.add(input.name)
      builder.add(input.content)
      if namedInputs.contains(input.name) { builder.add(input.stage) }
    }
    return builder.finish()
  }

  /// What differs from a stage that was built before, its inputs aside.
  func differences(from record: ArtifactRecord) -> [StaleReason] {
    guard kind == record.kind else { return [.kindChanged(from: record.kind, to: kind)] }
    var reasons: [StaleReason] = []
    if version != record.version {
      reasons.append(.versionChanged(kind: kind, from: record.version, to: version))
    }
    let old = Dictionary(record.parameters.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    let new = Dictionary(parameters.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    for name in Set(old.keys).union(new.keys).sorted() where old[name] != new[name] {
      reasons.append(.parameterChanged(name: name, from: old[name], to: new[name]))
    }
    for outside in outside {
      let before = record.outside.first { $0.parameter == outside.parameter }
      if before?.digest == outside.digest { continue }
      if before?.path == outside.path {
        reasons.append(.outsideChanged(parameter: outside.parameter, path: outside.path))
      } else {
        reasons.append(
          .parameterChanged(name: outside.parameter, from: before?.path, to: outside.path))
      }
    }
    return reasons
  }
}
