/// What may be a name.
enum Name {
  /// A stage's name is a file's name under `artifacts/`: letters, digits, `-`, `_` and `.` in ASCII,
  /// beginning with a letter, a digit or `_`.
  static func isStage(_ name: String) -> Bool {
    name.count <= 100 && name.allSatisfy { $0.isNameCharacter || $0 == "." }
      && name.first != "." && name.first != "-"
  }

  /// A variable has no `.` in its name, so that `warmup.epochs=3` on the command line can only mean
  /// the parameter of a stage.
  static func isVariable(_ name: String) -> Bool {
    name.count <= 100 && name.allSatisfy(\.isNameCharacter) && name.first != "-"
  }

  /// A value of `each` becomes part of the names of stages and thereby of files.
  static func isSweepValue(_ value: String) -> Bool {
    value.count <= 60 && value.allSatisfy { $0.isNameCharacter || ".%+".contains($0) }
  }
}
