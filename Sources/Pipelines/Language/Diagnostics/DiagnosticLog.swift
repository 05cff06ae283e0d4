/// Collects what the passes find. The same thing found twice, as for every copy of a stage, is kept once.
final class DiagnosticLog {
  private var found: [Diagnostic] = []
  private var seen: Set<Diagnostic> = []

  func report(
    _ kind: Diagnostic.Kind, at span: SourceSpan, hint: Diagnostic.Hint? = nil,
    related: Diagnostic.Related? = nil
  ) {
    report(Diagnostic(kind, at: span, hint: hint, related: related))
  }

  func report(_ diagnostic: Diagnostic) {
    if seen.insert(diagnostic).inserted { found.append(diagnostic) }
  }

  var hasErrors: Bool { found.contains { $0.severity == .error } }

  /// Everything found, by file in the given order (the command line comes after), line and column.
  func sorted(files: [String]) -> [Diagnostic] {
    let ranks = Dictionary(zip(files, 0...), uniquingKeysWith: { first, _ in first })
    func position(_ index: Int) -> (Int, Int, Int, Int) {
      let location = found[index].span.location
      return (ranks[location.file] ?? files.count, location.line, location.column, index)
    }
    return found.indices.sorted { position($0) < position($1) }.map { found[$0] }
  }
}
