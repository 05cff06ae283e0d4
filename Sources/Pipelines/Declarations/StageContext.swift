import HDF5
import SystemPackage

/// What a running stage sees of the world: its parameters, its inputs, its output, and the way to
/// report progress, to save its state and to learn that it should stop.
package final class StageContext {
  /// The checked parameters, defaults included.
  package let parameters: [String: ParameterValue]
  /// How many threads the stage may use. Its result must not depend on them.
  package let threads: Int
  /// The file that becomes the artifact when `run` returns.
  package let output: HDF5.File
  /// Where state is kept for a later run to resume from.
  package let checkpoints: Checkpoints

  let inputFiles: [String: [InputFile]]
  let directory: FilePath
  let reporter: any StageReporter
  let stageName: String
  let interruptions: [Interruption]

  init(
    stageName: String, parameters: [String: ParameterValue], threads: Int, output: HDF5.File,
    checkpoints: Checkpoints, inputFiles: [String: [InputFile]],
    directory: FilePath, reporter: any StageReporter, interruptions: [Interruption]
  ) {
    self.stageName = stageName
    self.parameters = parameters
    self.threads = threads
    self.output = output
    self.checkpoints = checkpoints
    self.inputFiles = inputFiles
    self.directory = directory
    self.reporter = reporter
    self.interruptions = interruptions
  }

  package subscript<Value>(_ parameter: Parameter<Value>) -> Value {
    parameter.value(in: parameters)
  }

  /// The outside file or folder that a path parameter names, resolved against the run's directory.
  package func path(_ parameter: Parameter<String>) -> FilePath {
    path(self[parameter])
  }

  /// The same for the text of a path parameter that may be left out.
  package func path(_ text: String) -> FilePath { directory.pushing(FilePath(text)) }

  /// Opens the artifact connected to an input. Its bytes have been verified.
  ///
  /// - Throws: `HDF5Error` when the file cannot be opened.
  package func open(_ input: InputDeclaration) throws -> HDF5.File {
    guard let file = try openIfGiven(input) else {
      preconditionFailure("a stage opens the optional input '\(input.name)' without asking")
    }
    return file
  }

  /// Opens the artifact connected to an optional input, or returns `nil` when there is none.
  package func openIfGiven(_ input: InputDeclaration) throws -> HDF5.File? {
    try inputFiles[input.name]?.first.map { try HDF5.File.open(at: $0.path) }
  }

  /// Opens all artifacts connected to an input, in the manifest's order, with the names of their stages.
  ///
  /// - Throws: `HDF5Error` when a file cannot be opened.
  package func openAll(_ input: InputDeclaration) throws -> [InputArtifact] {
    try (inputFiles[input.name] ?? []).map {
      InputArtifact(
        name: $0.name, baseName: $0.baseName, choices: $0.choices, file: try HDF5.File.open(at: $0.path))
    }
  }

  /// Reports how far the stage has come. Cheap; call it at every step.
  package func report(_ progress: StageProgress) {
    reporter.stageProgressed(stageName, progress)
  }

  /// Reports a result to the user. Kept in the artifact's record, so that `winnow show` and a later run that
  /// has nothing to do can repeat it.
  package func note(_ line: String) {
    notes.append(StageNote(isWarning: false, text: line))
    reporter.stageNoted(stageName, notes[notes.count - 1])
  }

  /// Like `note`, for what should make the user doubt the result.
  package func warn(_ line: String) {
    notes.append(StageNote(isWarning: true, text: line))
    reporter.stageNoted(stageName, notes[notes.count - 1])
  }

  private(set) var notes: [StageNote] = []

  /// Says that the stage leaves out work that its estimate counts, because it has turned out needless: nothing is
  /// to be learned from the time that it takes.
  package func leaveWorkOut() { leftWorkOut = true }

  private(set) var leftWorkOut = false

  /// Whether the stage is to stop, because the user wants it or another stage failed: save a checkpoint
  /// and throw `StageInterrupted`.
  package var shouldStop: Bool { interruptions.contains(where: \.isRequested) }
}

extension StageContext {
  /// An `InputArtifact` that is not open yet.
  package struct InputFile: Hashable, Sendable, Codable {
    let name: String
    let baseName: String
    let choices: [SweepChoice]
    let path: FilePath
  }
}

/// Thrown by a stage that stopped because `shouldStop` became true; its checkpoint is saved.
package struct StageInterrupted: Error {
  package init() {}
}
