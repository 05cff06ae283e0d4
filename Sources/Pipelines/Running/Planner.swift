import SystemPackage

/// Decides for one stage after the other whether it must run: the one place that plans, dry runs and
/// runs take their answers from.
final class Planner {
  private let pipeline: Pipeline
  private let store: ArtifactStore
  private let directory: FilePath
  private let forced: Set<String>
  private let programVersion: String
  private var outsideDigests: [FilePath: Digest] = [:]
  /// All records of the store, by what their stages did.
  private var knownRecords: [StageRecipe.Key: [ArtifactRecord]]?

  init(
    pipeline: Pipeline, store: ArtifactStore, directory: FilePath, forced: Set<String>,
    programVersion: String
  ) {
    self.pipeline = pipeline
    self.store = store
    self.directory = directory
    self.forced = forced
    self.programVersion = programVersion
  }

  /// Decides about a stage.
  ///
  /// - Parameter contents: The content digest of each stage before it, `nil` for those that must run
  ///   first.
  func decide(_ index: Int, contents: [Int: Digest]) throws(PipelineError) -> PlannedStage {
    let stage = pipeline.stages[index]
    let recipe = StageRecipe(stage, outside: try outside(of: stage))
    let inputs = inputs(of: stage, contents: contents)
    let waitsFor = stage.sources.filter { contents[$0] == nil }.map { pipeline.stages[$0].name }
    let last = try lastRecord(of: stage)

    guard waitsFor.isEmpty else {
      let own = forced.contains(stage.name) ? [.forced] : differences(stage, recipe, inputs, from: last)
      let isOpen = forced.contains(stage.name) ? false : try mayBeKnown(recipe, inputs)
      return PlannedStage(
        name: stage.name, baseName: stage.baseName, choices: stage.choices, state: isOpen ? .undecided : .stale,
        reasons: own + [.waits(stages: waitsFor)], checkpoint: nil, record: nil, index: index,
        recipe: recipe, fingerprint: nil)
    }

    let fingerprint = recipe.fingerprint(inputs: inputs)
    let record = try store.record(fingerprint)
    let reasons = try reasons(
      stage, recipe, inputs, record: record, last: last, fingerprint: fingerprint)
    return PlannedStage(
      name: stage.name, baseName: stage.baseName, choices: stage.choices,
      state: reasons.isEmpty ? .fresh : .stale, reasons: reasons,
      checkpoint: reasons.isEmpty ? nil : try checkpoint(fingerprint),
      record: reasons.isEmpty ? record : nil, index: index, recipe: recipe, fingerprint: fingerprint)
  }

  /// The inputs whose content is known, by name and then in the manifest's order.
  func inputs(of stage: PipelineStage, contents: [Int: Digest]) -> [ArtifactRecord.Input] {
    stage.inputs.sorted { $0.key < $1.key }.flatMap { name, sources in
      sources.compactMap { source in
        contents[source].map {
          let maker = pipeline.stages[source]
          return ArtifactRecord.Input(
            name: name, stage: maker.name, choices: maker.choices, content: $0)
        }
      }
    }
  }

  /// Looks at a stage's path parameters again.
  ///
  /// - Throws: `PipelineError.changedWhileRead` when one has other bytes than when it was decided about,
  ///   `missingInput` when it is gone.
  func requireUnchanged(_ recipe: StageRecipe, of stage: String) throws(PipelineError) {
    for outside in recipe.outside {
      let path = directory.pushing(FilePath(outside.path))
      let digest: Digest
      do {
        digest = try outsideFiles.digest(of: path)
      } catch .system(.examine, path, .noSuchFileOrDirectory) {
        throw .missingInput(path: path, parameter: outside.parameter, stage: stage)
      }
      guard digest == outside.digest else { throw .changedWhileRead(path: path) }
    }
  }

  /// Makes sure that no folder that is read holds the store, before anything is written there.
  ///
  /// - Throws: `PipelineError.holdsStore`.
  func requireStoreOutside() throws(PipelineError) {
    for stage in pipeline.stages {
      for case .path(let text) in stage.parameters.values {
        let path = directory.pushing(FilePath(text))
        if outsideFiles.holdsStore(path) { throw .holdsStore(path: path, store: store.root) }
      }
    }
  }

  private var outsideFiles: OutsideFiles {
    OutsideFiles(files: store.files, cache: store.cache, store: store.root)
  }

  private func reasons(
    _ stage: PipelineStage, _ recipe: StageRecipe, _ inputs: [ArtifactRecord.Input],
    record: ArtifactRecord?, last: LastBuild, fingerprint: Digest
  ) throws(PipelineError) -> [StaleReason] {
    if forced.contains(stage.name) { return [.forced] }
    guard let record else {
      let differences = differences(stage, recipe, inputs, from: last)
      return differences.isEmpty ? [.recordLost] : differences
    }
    let path = store.path(of: record.fileHash)
    switch try store.condition(of: path, hash: record.fileHash, size: record.size) {
    case .whole: return []
    case .missing: return [.artifactMissing(path: path)]
    case .damaged: return [.artifactDamaged(path: path)]
    }
  }

  private func outside(
    of stage: PipelineStage
  ) throws(PipelineError) -> [ArtifactRecord.Outside] {
    var found: [ArtifactRecord.Outside] = []
    for (name, value) in stage.parameters.sorted(by: { $0.key < $1.key }) {
      guard case .path(let text) = value else { continue }
      let path = directory.pushing(FilePath(text))
      do {
        found.append(
          ArtifactRecord.Outside(parameter: name, path: text, digest: try outsideDigest(of: path)))
      } catch .system(.examine, let missing, .noSuchFileOrDirectory) where missing == path {
        throw .missingInput(path: path, parameter: name, stage: stage.name)
      }
    }
    return found
  }

  /// Stages often share a folder: each is read once.
  private func outsideDigest(of path: FilePath) throws(PipelineError) -> Digest {
    if let known = outsideDigests[path] { return known }
    let digest = try outsideFiles.digest(of: path)
    outsideDigests[path] = digest
    return digest
  }

  private func checkpoint(_ fingerprint: Digest) throws(PipelineError) -> CheckpointRecord? {
    guard let record = try store.checkpointRecord(fingerprint),
      record.program == store.runningProgram(version: programVersion)
    else { return nil }
    return record
  }
}

// MARK: - Comparing with the last build

extension Planner {
  /// What is known of the last artifact under a stage's name.
  private enum LastBuild {
    case never
    case lost
    /// Its record is in the format of another version of the program.
    case outdated
    case known(ArtifactRecord)
  }

  private func lastRecord(of stage: PipelineStage) throws(PipelineError) -> LastBuild {
    switch try store.pointerFile(pipeline: pipeline.name, stage: stage.name) {
    case nil: return .never
    case .damaged: return .lost
    case .otherFormat: return .outdated
    case .whole(let pointer):
      switch try store.recordFile(pointer.fingerprint) {
      case nil, .damaged: return .lost
      case .otherFormat: return .outdated
      case .whole(let record): return .known(record)
      }
    }
  }

  private func differences(
    _ stage: PipelineStage, _ recipe: StageRecipe, _ inputs: [ArtifactRecord.Input],
    from last: LastBuild
  ) -> [StaleReason] {
    switch last {
    case .never: return [.neverBuilt]
    case .lost: return [.recordLost]
    case .outdated: return [.recordOutdated]
    case .known(let record):
      let own = recipe.differences(from: record)
      if case .kindChanged? = own.first { return own }
      return own + changedInputs(stage, recipe, inputs, from: record).map(StaleReason.inputChanged)
    }
  }

  /// The inputs that bring other content than before. Those that wait to be built are not among them.
  private func changedInputs(
    _ stage: PipelineStage, _ recipe: StageRecipe, _ inputs: [ArtifactRecord.Input],
    from record: ArtifactRecord
  ) -> [String] {
    let new = Dictionary(grouping: inputs, by: \.name)
    let old = Dictionary(grouping: record.inputs, by: \.name)
    return Set(stage.inputs.keys).union(old.keys).sorted().filter { name in
      let isWaiting = new[name, default: []].count < stage.inputs[name, default: []].count
      return !isWaiting && !new[name, default: []].elementsEqual(old[name, default: []], by: recipe.isSame)
    }
  }

  /// Whether the store holds an artifact of this recipe that was made from the inputs which are known
  /// so far: then the stage may turn out fresh.
  private func mayBeKnown(
    _ recipe: StageRecipe, _ inputs: [ArtifactRecord.Input]
  ) throws(PipelineError) -> Bool {
    let alike = try recordsByRecipe()[recipe.key, default: []]
    return alike.contains { record in
      inputs.allSatisfy { input in
        record.inputs.contains { recipe.isSame($0, input) }
      }
    }
  }

  /// Every record that can be read; read once.
  func recordsByRecipe() throws(PipelineError) -> [StageRecipe.Key: [ArtifactRecord]] {
    if let knownRecords { return knownRecords }
    let records = Dictionary(grouping: try store.allRecords(), by: { StageRecipe.Key($0) })
    knownRecords = records
    return records
  }
}

extension PipelineStage {
  /// The indices of all stages that it reads from, each once.
  var sources: [Int] { Set(inputs.values.flatMap { $0 }).sorted() }
}
