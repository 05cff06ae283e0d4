import HDF5

/// The attributes of an artifact's root group that say how it was made.
///
/// What differs between two runs with equal inputs (dates, wall time, memory, the manifest's text and
/// its stages' names) is not here, since equal inputs must give equal bytes; the record has it.
enum Provenance {
  /// Adds the attributes to a finished file, and closes it.
  ///
  /// - Throws: `HDF5Error`.
  static func write(
    to file: HDF5.File, recipe: StageRecipe, inputs: [ArtifactRecord.Input], content: Digest,
    programVersion: String
  ) throws {
    do {
      try file.root.setAttributes([
        "provenance.kind": .string(recipe.kind),
        "provenance.version": .integer(recipe.version),
        "provenance.parameters": .strings(recipe.parameters.map { "\($0.name) = \($0.value)" }),
        "provenance.inputs": .strings(inputs.map { "\($0.name) <- \($0.content)" }),
        "provenance.outside": .strings(recipe.outside.map { "\($0.parameter) = \($0.digest)" }),
        "provenance.content_sha256": .string(content.text),
        "provenance.program": .string("winnow \(programVersion)"),
      ])
    } catch {
      try? file.close()
      throw error
    }
    try file.close()
  }
}
