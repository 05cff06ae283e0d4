/// Where published values belong.
extension PublishedValues {
  /// What was published of a copy; nothing where no line is for it.
  package func values(of entry: SweepEntry) -> [MetricDeclaration: Double] {
    lines.first { belongs($0, to: entry) }?.values ?? [:]
  }

  private func belongs(_ line: Line, to entry: SweepEntry) -> Bool {
    zip(keys, line.places).allSatisfy { key, place in
      // A variable of that name says more than the stage.
      let choice = entry.choices.first { $0.variable == key }?.value
      return (choice ?? (key == Self.stageColumn ? entry.stage : nil)) == place
    }
  }

  /// How many of the lines are for any of the copies.
  package func count(for entries: [SweepEntry]) -> Int {
    lines.count { line in entries.contains { belongs(line, to: $0) } }
  }

  package var count: Int { lines.count }
}
