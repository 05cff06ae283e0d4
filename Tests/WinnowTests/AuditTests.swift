import Foundation
import HDF5
import Pipelines
import Stages
import SystemPackage
import TestSupport
import Testing

extension CommandTests {
  /// `winnow audit`.
  @Suite struct AuditTests {
    static let folder = "artifacts/audit-data/"
    private static let files = ["report.html", "suspects.csv", "clean-indices.txt", "verdict.json"]

    /// Trainings so short that they find nothing.
    private static let shortest = [
      "verdict_width=2", "verdict_epochs=1", "verdict_least_steps=1", "confusion_steps=2", "last_rise=1",
      "check_steps=2",
    ]
    /// The images as they are, which is what a model was trained for that is given with them.
    static let quickAtFullSize = shortest + ["--quick"]
    private static let small = ["received.size=16x16", "first.stem=published"]
    private static let short = shortest + small + ["contradiction_steps=2"]
    private static let quick = quickAtFullSize + small

    private func read(_ name: String, in workspace: Workspace) throws -> String {
      try String(contentsOf: workspace.folder.appending(path: Self.folder + name), encoding: .utf8)
    }

    /// One count everywhere, and the same bytes again.
    @Test func ofASet() throws {
      let workspace = try Workspace()
      let arguments = ["audit", "data"] + Self.quick
      let outcome = try workspace.winnow(arguments)
      // There are 300 images, which are too few to say anything.
      outcome.expect(status: 2)
      let lines = outcome.output.split(separator: "\n").map(String.init)
      #expect(lines.first?.hasPrefix("VERDICT: inconclusive: there are 300 images; with fewer than 500 ") == true)
      #expect(lines.last == "Look at 'artifacts/audit-data/report.html'.")

      let verdict = try read("verdict.json", in: workspace)
      try expectValid(verdict, by: AuditVerdict.schema)
      let found = try #require(try JSONSerialization.jsonObject(with: Data(verdict.utf8)) as? [String: Any])
      #expect(found["verdict"] as? String == "inconclusive")
      #expect(found["named"] as? Int == 0 && found["samples"] as? Int == 300)
      let classes = try #require(found["classes"] as? [[String: Any]])
      #expect(classes.compactMap { $0["uncertain"] as? Int }.reduce(0, +) == 300)

      let root = try workspace.artifact("first_verdict", of: "audit-data").root
      let flags = try root.read("flags", as: UInt8.self)
      #expect(flags.allSatisfy { $0 == 1 })
      let confidences = try root.read("confidence", as: Double.self)
      let rows = try read("suspects.csv", in: workspace).split(separator: "\r\n")
        .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      #expect(rows.first?.joined(separator: " ") == "path index label score rank set")
      let ranked = rows.dropFirst().compactMap { Int($0[1]) }
      #expect(ranked.sorted() == Array(0..<300))
      #expect(zip(ranked, ranked.dropFirst()).allSatisfy { confidences[$0] >= confidences[$1] })
      #expect(rows.dropFirst().map { Double($0[3]) } == ranked.map { Double(String(format: "%.6g", confidences[$0])) })
      #expect(rows.dropFirst().allSatisfy { $0[5] == "uncertain" })
      #expect(try read("clean-indices.txt", in: workspace) == "")
      let page = try read("report.html", in: workspace)
      #expect(try PageCheck(page).problems == [])
      // Of what it is, and what was warned of, as in the other files.
      #expect(page.contains("An audit of 'data', with verdict_width=2"))
      let file = try AuditVerdict(json: Data(read("verdict.json", in: workspace).utf8), at: "verdict.json")
      #expect(page.components(separatedBy: "Warning: ").count - 1 == file.warnings.count)

      // Again: nothing is built, all files are the same.
      let before = try Self.files.map { try read($0, in: workspace) }
      let again = try workspace.winnow(arguments + ["--threads", "2"])
      again.expect(status: 2)
      #expect(again.built.isEmpty)
      #expect(try Self.files.map { try read($0, in: workspace) } == before)
      // From the beginning, with another number of threads.
      try FileManager.default.removeItem(at: workspace.folder.appending(path: "artifacts"))
      try workspace.winnow(arguments + ["--threads", "2"]).expect(status: 2)
      #expect(try Self.files.map { try read($0, in: workspace) } == before)
    }

    /// Of one image nothing can be said, and that is said.
    @Test(arguments: [[], ["--thorough"]]) func ofOneImage(effort: [String]) throws {
      let workspace = try Workspace()
      let outcome = try workspace.winnow(["audit", "data", "received.count=1"] + effort + Self.short)
      outcome.expect(status: 2)
      #expect(outcome.output.contains("VERDICT: inconclusive: there is 1 image"))
    }

    /// Five networks, two of them for what would have been found.
    @Test func thorough() throws {
      let workspace = try Workspace()
      let outcome = try workspace.winnow(["audit", "data", "--thorough", "patched.patch=5%"] + Self.short)
      outcome.expect(status: 2)
      #expect(outcome.output.contains("tried with triggers of our own, in copies of the set: "))
      let verdict = try read("verdict.json", in: workspace)
      try expectValid(verdict, by: AuditVerdict.schema)
      let found = try #require(try JSONSerialization.jsonObject(with: Data(verdict.utf8)) as? [String: Any])
      let controls = try #require(found["controls"] as? [[String: Any]])
      #expect(controls.compactMap { $0["name"] as? String } == ["patch", "blend"])
      #expect(controls.compactMap { $0["planted"] as? Int } == [15, 15])
      let html = try read("report.html", in: workspace)
      #expect(html.contains("What would have been found"))
      #expect(try PageCheck(html).problems == [])
    }

    /// What is judged with controls in it is judged as the set itself is, by the manifest that is shipped.
    @Test func manifestOfControls() throws {
      let workspace = try Workspace()
      let printed = try workspace.winnow(["audit", "data", "--thorough", "--print-manifest"])
      printed.expect()
      try workspace.write(printed.output, to: "printed.pipeline")
      let own = try Manifest.load(
        path: "printed.pipeline", catalogue: catalogue, directory: FilePath(workspace.folder.path)).pipeline
      let shipped = try Manifest.load(
        path: "controls.pipeline", overrides: ["data=."], catalogue: catalogue, directory: ShippedManifestTests.folder
      ).pipeline
      let stages = [
        "first", "fit", "round_1", "round_2", "round_3", "round_4", "check", "first_verdict", "spared_check",
        "spared_verdict", "early_verdict", "ranked_check", "ranked_verdict", "second_round", "second_check",
        "contradiction", "found", "verdict",
      ]
      for copy in ["patched", "blended"] {
        let names = [(copy, copy)] + stages.map { ("\(copy)_\($0)", "\($0)[audited=\(copy)]") }
        for (mine, other) in names {
          let (a, b) = (
            own.stages[try #require(own.index(of: mine))], shipped.stages[try #require(shipped.index(of: other))]
          )
          #expect(a.declaration.kind == b.declaration.kind)
          #expect(a.parameters == b.parameters, "\(mine)")
          func plain(_ pipeline: Pipeline, _ indices: [Int]) -> [String] {
            indices.map {
              pipeline.stages[$0].name.replacing("\(copy)_", with: "").replacing("[audited=\(copy)]", with: "")
            }
          }
          #expect(a.inputs.mapValues { plain(own, $0) } == b.inputs.mapValues { plain(shipped, $0) }, "\(mine)")
        }
      }
    }

    /// JSON alone on the standard output; the same verdict is recognised, another one is told.
    @Test func compared() throws {
      let workspace = try Workspace()
      let first = try workspace.winnow(["audit", "data", "--json"] + Self.quick)
      first.expect(status: 2)
      #expect(first.output == (try read("verdict.json", in: workspace)))
      try workspace.write(first.output, to: "expected.json")
      try workspace.winnow(["audit", "data", "--expect", "expected.json"] + Self.quick)
        .expect(status: 2, messages: "the result is that of 'expected.json'")
      try workspace.winnow(["audit", "data", "--expect", "expected.json"] + Self.short)
        .expect(status: 3, messages: "effort: quick was expected, standard was found")
      // The label of the first image.
      try workspace.flipByte(0, of: "data/data_batch_1.bin")
      try workspace.winnow(["audit", "data", "--expect", "expected.json"] + Self.quick)
        .expect(status: 3, messages: "data: ")
      try workspace.write("{}", to: "other.json")
      try workspace.winnow(["audit", "data", "--expect", "other.json"] + Self.quick)
        .expect(status: 65, messages: "'other.json' is no verdict.json of this version")
      try workspace.winnow(["audit", "data", "--expect", "nowhere.json"]).expect(status: 66)
    }

    /// What was found in a set as it was is not left beside an error about what it is now.
    @Test func failed() throws {
      let workspace = try Workspace()
      let arguments = ["audit", "data"] + Self.quick
      try workspace.winnow(arguments).expect(status: 2)
      func present() -> [String] {
        Self.files.filter {
          FileManager.default.fileExists(atPath: workspace.folder.appending(path: Self.folder + $0).path)
        }
      }
      // A wrong word changes nothing.
      try workspace.winnow(arguments + ["received.cuont=3"]).expect(status: 65)
      #expect(present() == Self.files)
      // A label that there is not.
      let whole = try Data(contentsOf: workspace.folder.appending(path: "data/data_batch_1.bin"))
      var damaged = whole
      damaged[0] = 200
      try damaged.write(to: workspace.folder.appending(path: "data/data_batch_1.bin"))
      try workspace.winnow(arguments).expect(status: 65)
      #expect(present() == [])
      try whole.write(to: workspace.folder.appending(path: "data/data_batch_1.bin"))
      try workspace.winnow(arguments).expect(status: 2)
      #expect(present() == Self.files)
    }

    /// Events in the place of progress, results as they are; what is said beside them is an event as well.
    @Test func events() throws {
      let workspace = try Workspace()
      let first = try workspace.winnow(["audit", "data", "--json", "--events"] + Self.quick)
      first.expect(status: 2)
      #expect(first.output == (try read("verdict.json", in: workspace)))
      func events(_ outcome: Outcome) throws -> [[String: Any]] {
        try outcome.messages.split(separator: "\n").map {
          try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any], "\($0)")
        }
      }
      let kinds = try events(first).compactMap { $0["event"] as? String }
      #expect(kinds.first == "run-started" && kinds.last == "run-finished")
      #expect(Set(kinds).isSuperset(of: ["stage-started", "progress", "note", "stage-finished"]))
      try workspace.write(first.output, to: "expected.json")
      let again = try workspace.winnow(["audit", "data", "--events", "--expect", "expected.json"] + Self.quick)
      #expect(again.output.hasPrefix("VERDICT: "))
      let last = try #require(try events(again).last)
      #expect(last["event"] as? String == "message")
      #expect(last["text"] as? String == "the result is that of 'expected.json'")
    }

    /// Some classes alone, with the numbers that samples have in the whole set.
    @Test func someClasses() throws {
      let workspace = try Workspace()
      try workspace.winnow(["audit", "data", "--classes", "7, 2"] + Self.quick).expect(status: 2)
      let verdict = try read("verdict.json", in: workspace)
      try expectValid(verdict, by: AuditVerdict.schema)
      let found = try #require(try JSONSerialization.jsonObject(with: Data(verdict.utf8)) as? [String: Any])
      let classes = try #require(found["classes"] as? [[String: Any]])
      #expect(classes.compactMap { $0["name"] as? String } == ["2", "7"])
      #expect((found["settings"] as? [String: Any])?["classes"] as? [String] == ["7", "2"])
      let rows = try read("suspects.csv", in: workspace).split(separator: "\r\n").dropFirst()
        .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      // The labels go round.
      #expect(rows.compactMap { Int($0[1]) }.sorted() == (0..<300).filter { [2, 7].contains($0 % 10) })
      #expect(rows.allSatisfy { Int($0[1]).map { $0 % 10 } == Int($0[2]) })
    }

    /// What is printed is what is run, and is the manifest that is shipped.
    @Test func manifest() throws {
      let workspace = try Workspace()
      let printed = try workspace.winnow(["audit", "data", "--repair", "--retrain", "--print-manifest"])
      printed.expect()
      #expect(!FileManager.default.fileExists(atPath: workspace.folder.appending(path: "artifacts").path))
      try workspace.write(printed.output, to: "printed.pipeline")
      let place = FilePath(workspace.folder.path)
      let own = try Manifest.load(path: "printed.pipeline", catalogue: catalogue, directory: place).pipeline
      let shipped = try Manifest.load(
        path: "audit.pipeline", overrides: ["data=."], catalogue: catalogue, directory: ShippedManifestTests.folder
      ).pipeline
      let secure = try Manifest.load(
        path: "dst-small.pipeline", overrides: ["data=.", "normalization=measured"], catalogue: catalogue,
        directory: ShippedManifestTests.folder
      ).pipeline
      for (mine, other) in [("extractor", "extractor"), ("retrained", "secured")] {
        let (a, b) = (
          own.stages[try #require(own.index(of: mine))], secure.stages[try #require(secure.index(of: other))]
        )
        #expect(a.declaration.kind == b.declaration.kind && a.parameters == b.parameters, "\(mine)")
      }
      for name in [
        "received", "first", "fit", "round_1", "round_2", "round_3", "round_4", "pattern", "check",
        "first_verdict", "spared_check", "spared_verdict", "early_verdict", "ranked_check", "ranked_verdict",
        "second_round", "second_check", "contradiction", "found", "verdict", "warmup", "fine_tuned", "scores", "split", "findings",
        "features", "backdoored", "repaired",
      ] {
        let (a, b) = (
          own.stages[try #require(own.index(of: name))], shipped.stages[try #require(shipped.index(of: name))]
        )
        #expect(a.declaration.kind == b.declaration.kind)
        for (parameter, value) in a.parameters where parameter != "path" {
          #expect(value == b.parameters[parameter], "\(name).\(parameter)")
        }
        #expect(
          a.inputs.mapValues { $0.map { own.stages[$0].name } } == b.inputs.mapValues { $0.map { shipped.stages[$0].name } },
          "\(name)")
      }
    }

    @Test func wrongWords() throws {
      let workspace = try Workspace()
      for (arguments, status, phrase) in [
        (["audit"], 64, "name the folder with the set"), (["audit", "nowhere"], 66, "cannot open 'nowhere'"),
        (["audit", "data", "--quick", "--thorough"], 64, "take one"),
        (["audit", "data", "--quarantine", "data/clean"], 73, "lie in each other"),
        (["audit", "data", "--print-manifest", "nonsense=3"], 65, "unknown variable 'nonsense'"),
        (["audit", "data", "--expect", "data/test_batch.bin"], 65, "is no verdict.json of this version"),
        (["audit", "a #b"], 64, "a manifest cannot hold the path"),
        (["audit", "data", "--dry-run"], 64, "--dry-run is for --quarantine"),
        (["audit", "data", "--threads", "0"], 64, "1 to 1024"),
        (["audit", "data", "--events", "--quiet"], 64, "take one"),
        (["audit", "data", "--classes", "1,,2"], 64, "one of them is empty"),
        (["audit", "data", "--classes", "a #b"], 64, "a manifest cannot hold the class"),
        (["audit", "data", "--classes", "0,12"], 65, "there is no class 12: the 10 classes have the numbers 0 to 9"),
        (["audit", "data", "--classes", "cta"], 65, "there is no class 'cta'; there are '0', '1', "),
        (["audit", "data", "--model", "nowhere.safetensors"], 66, "'nowhere.safetensors': No such file"),
      ] as [([String], CInt, String)] {
        try workspace.winnow(arguments).expect(status: status, messages: phrase)
      }
    }

    /// Samples that are no files of their own cannot be linked.
    @Test func quarantineOfASetWithoutFiles() throws {
      let workspace = try Workspace()
      try workspace.winnow(["audit", "data", "--quarantine", "clean"] + Self.quick)
        .expect(status: 65, messages: "the samples of this set are no files of their own")
      #expect(!FileManager.default.fileExists(atPath: workspace.folder.appending(path: "clean").path))
    }

    @Test func schema() throws {
      let outcome = try Workspace.reference.winnow(["audit", "--print-schema"])
      outcome.expect()
      try checkGolden(
        outcome.output,
        against: FilePath(#filePath).removingLastComponent().appending("Golden").appending("verdict.schema.json"))
    }
  }
}

/// The folder of the clean part.
@Suite struct QuarantineTests {
  @Test func linksFiles() throws {
    let folder = try TemporaryFolder()
    for (name, byte) in [("cat/1.png", 1), ("cat/2.png", 2), ("dog/a b.png", 3)] as [(String, UInt8)] {
      try folder.write([byte], to: "set/\(name)")
    }
    let quarantine = try Quarantine(
      names: ["cat/2.png", "dog/a b.png"], of: 3, source: folder.path("set"), target: folder.path("clean"))
    #expect(quarantine.text == "2 of 3 files; 1 are left out")
    try quarantine.make()
    let found = try FileManager.default.subpathsOfDirectory(atPath: folder.path("clean").string).sorted()
    #expect(found == ["cat", "cat/2.png", "dog", "dog/a b.png"])
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.path("clean/cat/2.png").string)
    #expect(attributes[.referenceCount] as? Int == 2)
    #expect(FileManager.default.contents(atPath: folder.path("set/cat/1.png").string) == Data([1]))
    // Not into what is there already.
    #expect(throws: QuarantineError.notEmpty(folder.path("clean"))) { try quarantine.make() }
  }

  /// Links to files of the set are images; from the new folder they would lead nowhere.
  @Test func linksToFiles() throws {
    let folder = try TemporaryFolder()
    try folder.write([7], to: "set/.files/1")
    try folder.write([1], to: "set/cat/2.png")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("set/cat/1.png").string, withDestinationPath: "../.files/1")
    try Quarantine(names: ["cat/1.png"], of: 2, source: folder.path("set"), target: folder.path("clean")).make()
    #expect(FileManager.default.contents(atPath: folder.path("clean/cat/1.png").string) == Data([7]))
  }

  /// The set stays as it is, so that the new folder is not in it; and what is there already is left alone.
  @Test func whereItMayBe() throws {
    let folder = try TemporaryFolder()
    try folder.write([1], to: "set/cat/1.png")
    try folder.write([1], to: "file")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link").string, withDestinationPath: folder.path("set").string)
    func problem(_ target: String) -> QuarantineError? {
      do throws(QuarantineError) {
        try Quarantine.check(source: folder.path("set"), target: folder.path(target))
        return nil
      } catch {
        return error
      }
    }
    #expect(problem("new") == nil && problem("set2/new") == nil)
    #expect(problem("set/new") == .overlaps(folder.path("set/new"), folder.path("set")))
    #expect(problem("link/new") == .overlaps(folder.path("link/new"), folder.path("set")))
    #expect(problem("set") == .notEmpty(folder.path("set")))
    #expect(problem("file") == .notAFolder(folder.path("file")))
    let nothing = try Quarantine(names: [], of: 1, source: folder.path("set"), target: folder.path("new"))
    #expect(throws: QuarantineError.nothingClean(folder.path("new"))) { try nothing.make() }
  }

  /// It is there as a whole or not at all, and what a killed run has left is in nobody's way.
  @Test func wholeOrNotAtAll() throws {
    let folder = try TemporaryFolder()
    try folder.write([1], to: "set/cat/1.png")
    try folder.write([9], to: ".clean.partial/old.png")
    let quarantine = try Quarantine(
      names: ["cat/1.png"], of: 1, source: folder.path("set"), target: folder.path("clean"))
    let interruption = Interruption()
    interruption.request(SIGINT)
    #expect(throws: PipelineError.self) { try quarantine.make(interruption: interruption) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path.string) == ["set"])
    try FileManager.default.createDirectory(atPath: folder.path("clean").string, withIntermediateDirectories: false)
    try quarantine.make()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("clean").string) == ["cat"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path.string).sorted() == ["clean", "set"])
  }

  @Test(arguments: ["../x", "/etc/passwd", "a/../../x", ""]) func staysInTheFolder(_ name: String) {
    #expect(throws: QuarantineError.leadsOut(name)) {
      try Quarantine(names: [name], of: 1, source: "set", target: "clean")
    }
  }

  @Test func missingFiles() throws {
    let folder = try TemporaryFolder()
    let quarantine = try Quarantine(
      names: ["gone.png"], of: 1, source: folder.path("set"), target: folder.path("clean"))
    #expect(throws: QuarantineError.self) { try quarantine.make() }
  }
}

/// The names of pipelines, which are folders' names.
@Suite struct AuditSettingsTests {
  @Test(arguments: [
    ("data/my set", "audit-my-set"), ("/x/cifar-10_b/", "audit-cifar-10_b"), ("..", "audit-set"), ("a/é$", "audit-E9-"),
  ]) func names(_ path: String, _ name: String) { #expect(AuditSettings(path: path).pipelineName == name) }

  @Test func dollars() { #expect(AuditManifest(AuditSettings(path: "a$b")).text.contains("path  = a$$b\n")) }
}

/// Whether a JSON text is as a schema says: as much of JSON schema as ours uses.
func expectValid(_ json: String, by schema: String) throws {
  func problems(_ value: Any, _ schema: [String: Any], at place: String) -> [String] {
    var found: [String] = []
    if let constant = schema["const"] as? String, value as? String != constant { found.append("\(place): not \(constant)") }
    if let words = schema["enum"] as? [String], !words.contains(value as? String ?? "?") {
      found.append("\(place): none of \(words)")
    }
    switch schema["type"] as? String {
    case "object":
      guard let object = value as? [String: Any] else { return found + ["\(place): no object"] }
      let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
      for name in schema["required"] as? [String] ?? [] where object[name] == nil { found.append("\(place).\(name) is missing") }
      for (name, value) in object {
        if let inner = properties[name] {
          found += problems(value, inner, at: "\(place).\(name)")
        } else if schema["additionalProperties"] as? Bool == false {
          found.append("\(place).\(name) is not in the schema")
        }
      }
    case "array":
      guard let array = value as? [Any], let items = schema["items"] as? [String: Any] else {
        return found + ["\(place): no array"]
      }
      for (index, value) in array.enumerated() { found += problems(value, items, at: "\(place)[\(index)]") }
    case "string" where !(value is String): found.append("\(place): no text")
    case "number" where !(value is Double): found.append("\(place): no number")
    case "integer":
      guard let number = value as? Int else { return found + ["\(place): no integer"] }
      if let least = schema["minimum"] as? Int, number < least { found.append("\(place): \(number) is too small") }
    case "boolean" where !(value is Bool): found.append("\(place): neither true nor false")
    default: break
    }
    return found
  }
  let rules = try #require(try JSONSerialization.jsonObject(with: Data(schema.utf8)) as? [String: Any])
  let value = try JSONSerialization.jsonObject(with: Data(json.utf8))
  #expect(problems(value, rules, at: "verdict") == [])
}
