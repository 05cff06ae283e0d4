import Foundation
import Pipelines
import SystemPackage

/// What `verdict.json` holds: the verdict, and what anyone needs to come to the same one.
///
/// `AuditVerdict.schema` describes it for programs.
package struct AuditVerdict: Hashable, Sendable, Codable {
  package struct ClassCounts: Hashable, Sendable, Codable {
    let name: String
    let clean: Int
    let uncertain: Int
    let poisoned: Int
  }

  /// A trigger of our own in a copy of the set, and what was found of it.
  package struct Control: Hashable, Sendable, Codable {
    let name: String
    let share: Double
    let planted: Int
    let named: Int
    let found: Bool
    let placebos: Int
    let placebosNamed: Int
  }

  /// What a model takes the named samples for: one that was to be repaired, or that the audit made.
  package struct Model: Hashable, Sendable, Codable {
    package let stage: String
    package let clean: Int
    package let cleanAgreeing: Int
    package let poisoned: Int
    package let poisonedAgreeing: Int
  }

  package struct Settings: Hashable, Sendable, Codable {
    let effort: String
    let repair: Bool
    let retrain: Bool?
    /// The SHA-256 of the model that was given to be repaired.
    let model: String?
    /// Those that were looked at, where not all were.
    let classes: [String]?
    /// Other values than the audit's own, as they were given.
    let overrides: [String]
  }

  package struct DataSet: Hashable, Sendable, Codable {
    package let path: String
    let origin: String
    /// Of pixels, labels, class names and file names as they were read.
    let sha256: String
  }

  static let currentFormat = "winnow-verdict-1"

  let format: String
  package let verdict: String
  let sentence: String
  let samples: Int
  let named: Int
  let classes: [ClassCounts]
  /// Where it was tried what would have been found.
  let controls: [Control]?
  /// Where there are any.
  package let models: [Model]?
  let settings: Settings
  package let data: DataSet
  /// The SHA-256 of what every sample is taken for.
  let result: String
  let program: String
  /// The SHA-256 of the program.
  let build: String
  package let warnings: [String]

  /// The file; the same verdict gives the same bytes.
  ///
  /// - Throws: `EncodingError`.
  package var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
  }

  /// - Parameter path: where it was read, for the error.
  /// - Throws: `NoVerdictError`.
  package init(json: some Sequence<UInt8>, at path: FilePath) throws(NoVerdictError) {
    do {
      self = try JSONDecoder().decode(AuditVerdict.self, from: Data(json))
    } catch {
      throw NoVerdictError(path: path)
    }
  }

  package init(
    format: String, verdict: String, sentence: String, samples: Int, named: Int, classes: [ClassCounts],
    controls: [Control]?, models: [Model]?, settings: Settings, data: DataSet, result: String, program: String,
    build: String, warnings: [String]
  ) {
    self.format = format
    self.verdict = verdict
    self.sentence = sentence
    self.samples = samples
    self.named = named
    self.classes = classes
    self.controls = controls
    self.models = models
    self.settings = settings
    self.data = data
    self.result = result
    self.program = program
    self.build = build
    self.warnings = warnings
  }

  /// In what this one is not as another; nothing where both say the same of the same set. The path may differ.
  package func differences(from other: AuditVerdict) -> [String] {
    let pairs: [(String, String, String)] = [
      ("format", other.format, format), ("data", other.data.sha256, data.sha256),
      ("program", other.program, program), ("build", other.build, build),
      ("effort", other.settings.effort, settings.effort),
      ("repair", "\(other.settings.repair)", "\(settings.repair)"),
      ("retrain", "\(other.settings.retrain ?? false)", "\(settings.retrain ?? false)"),
      ("model", other.settings.model ?? "none", settings.model ?? "none"),
      ("classes", Self.text(other.settings.classes), Self.text(settings.classes)),
      ("overrides", other.settings.overrides.joined(separator: " "), settings.overrides.joined(separator: " ")),
      ("samples", "\(other.samples)", "\(samples)"),
      ("verdict", other.verdict, verdict), ("named", "\(other.named)", "\(named)"), ("result", other.result, result),
    ]
    return pairs.filter { $0.1 != $0.2 }.map { "\($0.0): \($0.1) was expected, \($0.2) was found" }
  }

  private static func text(_ classes: [String]?) -> String { classes?.joined(separator: ", ") ?? "all" }
}

/// A file that is not what an audit of this version writes.
package struct NoVerdictError: Error, Hashable, CustomStringConvertible, ErrorWithExitStatus {
  package let path: FilePath

  package var description: String { "'\(path)' is no verdict.json of this version" }

  package var exitStatus: ExitStatus { .data }
}
