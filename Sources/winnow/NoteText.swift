import Images
import Pipelines

/// What stages want the user to read, as it is printed.
enum NoteText {
  /// Names of classes and files come from whoever made the set, and stand in notes as they are.
  static func line(_ note: StageNote) -> String {
    (note.isWarning ? "  warning: \(note.text)" : "  \(note.text)").printable
  }

  /// Prints the notes of stages that were built before, each under the stage's name.
  static func print(_ stages: [PipelineStage], of pipeline: Pipeline, in store: ArtifactStore) throws {
    for stage in stages {
      guard let record = try store.publishedRecord(pipeline: pipeline.name, stage: stage.name),
        !record.notes.isEmpty
      else { continue }
      Output.result(stage.name)
      for note in record.notes { Output.result(line(note)) }
    }
  }
}
