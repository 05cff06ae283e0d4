import Pipelines
import TestSupport
import Testing

/// Whatever the bytes: a pipeline, or errors that all say where.
@Suite struct ManifestFuzzTests {
  static let seeds = [ManifestTests.sample, SweepTests.manifest].map { Array($0.utf8) }

  static let fragments = [
    "let ", "let? ", "each ", "include ", "stage ", " : ", " = ", " <- ", "$", "${", "}", "$$", "[*]", "[", "]",
    "#", " #", "\n", "\r\n", "\t", "    ", "\u{FEFF}", "none", "10%", "1e999", "-", "_", ".", "..", "/", "ü",
    "🦉", "x.pipeline", "attack", "images", "verdict", "$attack", "${attack}", "99999999999999999999",
  ].map { Array($0.utf8) }

  @Test(arguments: 0..<5) func anyBytes(_ part: Int) throws {
    var random = SeededGenerator(seed: UInt64(part))
    let folder = try TemporaryFolder(["data/a": ""])
    for _ in 0..<2000 {
      let bytes = part == 0 ? noise(&random) : mutant(&random)
      try folder.write(bytes, to: "x.pipeline")
      let overrides = (0..<Int.random(in: 1...2, using: &random)).map { _ in override(&random) }
      if let problem = problem(with: bytes, overrides, in: folder) {
        Issue.record("\(problem): \(String(decoding: bytes, as: UTF8.self)) \(overrides)")
      }
    }
  }

  /// What is wrong with the answer to a manifest, be it a pipeline or errors.
  private func problem(
    with bytes: [UInt8], _ overrides: [String], in folder: TemporaryFolder
  ) -> String? {
    do {
      let pipeline = try Manifest.load(
        path: "x.pipeline", overrides: overrides, catalogue: ExampleStages.catalogue,
        directory: folder.path
      ).pipeline
      if Set(pipeline.stages.map(\.name)).count < pipeline.stages.count { return "names" }
      let isOrdered = pipeline.stages.enumerated().allSatisfy { index, stage in
        stage.inputs.values.joined().allSatisfy { $0 < index }
      }
      return isOrdered ? nil : "order"
    } catch {
      guard error.diagnostics.contains(where: { $0.severity == .error }) else { return "no error" }
      return error.diagnostics.lazy.compactMap { problem(with: $0) }.first
    }
  }

  private func problem(with diagnostic: Diagnostic) -> String? {
    let location = diagnostic.span.location
    guard ["x.pipeline", "command line"].contains(location.file), location.line >= 1,
      location.column >= 1
    else { return "place of \(diagnostic)" }
    // The span lies in its line, or just behind it.
    if let line = diagnostic.span.line,
      location.column - 1 + max(1, diagnostic.span.length) > line.count + 1
    {
      return "span of \(diagnostic)"
    }
    let lines = diagnostic.rendered.split(separator: "\n", omittingEmptySubsequences: false)
    return diagnostic.message.isEmpty || lines.contains(where: \.isEmpty) ? "text of \(diagnostic)" : nil
  }

  private func noise(_ random: inout SeededGenerator) -> [UInt8] {
    (0..<Int.random(in: 0...300, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
  }

  /// A valid manifest after a few random edits.
  private func mutant(_ random: inout SeededGenerator) -> [UInt8] {
    var bytes = Self.seeds.randomElement(using: &random) ?? []
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let start = Int.random(in: 0...bytes.count, using: &random)
      let end = min(bytes.count, start + Int.random(in: 0...20, using: &random))
      switch Int.random(in: 0...4, using: &random) {
      case 0: bytes.removeSubrange(start..<end)
      case 1:
        let place = bytes.indices.randomElement(using: &random) ?? 0
        bytes.insert(contentsOf: bytes[start..<end], at: place)
      case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: start)
      default: bytes.insert(contentsOf: Self.fragments.randomElement(using: &random) ?? [], at: start)
      }
    }
    return bytes
  }

  private func override(_ random: inout SeededGenerator) -> String {
    let text = (0..<Int.random(in: 0...4, using: &random))
      .flatMap { _ in Self.fragments.randomElement(using: &random) ?? [] }
    return ["attack=", "poisoned.rate=", "", "="].randomElement(using: &random).map {
      $0 + String(decoding: text, as: UTF8.self)
    } ?? ""
  }

  /// Each `let` doubles the one before: short to write, too long to hold.
  @Test func growingVariables() throws {
    var text = "let a0 = xxxxxxxx\n"
    for index in 1...60 { text += "let a\(index) = $a\(index - 1)$a\(index - 1)\n" }
    let folder = try TemporaryFolder(["x.pipeline": text + "stage images : load\n path = $a60\n"])
    #expect(try folder.errors().map(\.kind) == [.valueTooLong(limit: 4096)])
  }

  /// As much as a manifest may hold, all of it wrong: suggestions must not take for ever.
  @Test func longManifests() throws {
    let seconds = try processorSeconds {
      let folder = try TemporaryFolder()
      var text = ""
      for index in 0..<1200 {
        text += "let v\(index) = $w\(index)\nstage s\(index) : train\n images <- t\(index)\n n = 1\n"
      }
      try folder.write(text.utf8, to: "x.pipeline")
      #expect(try folder.errors().filter { $0.severity == .error }.count == 3 * 1200)

      text = ""
      for index in 0..<1200 {
        text += "stage s\(index) : train\n images <- s\(index + 1)\n start <- s\(index + 1)\n"
      }
      try folder.write(text.utf8, to: "x.pipeline")
      #expect(try folder.errors().count == 1200 + 1)
    }
    #expect(seconds < 60)
  }
}
