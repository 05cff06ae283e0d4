/// A manifest that cannot be run: everything that is wrong with it.
package struct ManifestError: Error, Sendable {
  /// Errors, at least one, and warnings, in the order of the files and their lines.
  package let diagnostics: [Diagnostic]

  init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
}

extension ManifestError: CustomStringConvertible {
  /// All diagnostics as the user should see them.
  package var description: String { diagnostics.map(\.rendered).joined(separator: "\n") }
}
