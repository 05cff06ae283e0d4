import Foundation

/// Something that happened in a run, as a line of JSON: `winnow run --json`, `winnow audit --events`.
///
/// Every line has `event`; which others there are depends on it. Names and meanings stay; others may come.
struct RunEvent: Encodable {
  enum Kind: String, Encodable, CaseIterable {
    /// pipeline, stages (in all), toRun
    case runStarted = "run-started"
    /// Another process is writing: message
    case runWaits = "run-waits"
    /// The stage's artifact is up to date: stage
    case stageFresh = "stage-fresh"
    /// stage, number, of, reasons; resumesFrom where there is a checkpoint
    case stageStarted = "stage-started"
    /// stage, done, total, label; rate, detail where there are any
    case progress
    /// What the stage found: stage, text
    case note
    /// What is doubtful about it: stage, text
    case warning
    /// stage, message: it starts from the beginning
    case checkpointIgnored = "checkpoint-ignored"
    /// stage, seconds, path, bytes
    case stageFinished = "stage-finished"
    /// stage, message
    case stageFailed = "stage-failed"
    /// Stopped because another one failed: stage
    case stageStopped = "stage-stopped"
    /// Left out because these failed: stage, because
    case stageSkipped = "stage-skipped"
    /// Given to a cluster: stage, job, path of its messages
    case jobSubmitted = "job-submitted"
    /// An earlier run had given it: stage, job, path
    case jobFound = "job-found"
    /// stage, job, state in the cluster's words
    case jobChanged = "job-changed"
    /// Ended without a result; another one takes its place: stage, job, path; state where it is known
    case jobLost = "job-lost"
    /// The cluster does not say how its jobs are.
    case queueSilent = "queue-silent"
    /// The run ends, and the job goes on: stage, job
    case stageLeft = "stage-left"
    /// built, fresh, failed, skipped, seconds
    case runFinished = "run-finished"
    /// What else there is to say: text
    case message
  }

  let event: Kind
  var pipeline: String?
  var stage: String?
  var stages: Int?
  var toRun: Int?
  var number: Int?
  var of: Int?
  var reasons: [String]?
  var resumesFrom: String?
  var done: Int?
  var total: Int?
  var label: String?
  var rate: String?
  var detail: String?
  var text: String?
  var message: String?
  var path: String?
  var bytes: Int64?
  var because: [String]?
  var job: String?
  var state: String?
  var built: [String]?
  var fresh: [String]?
  var failed: [String]?
  var skipped: [String]?
  var seconds: Double?

  init(_ event: Kind, stage: String? = nil) {
    self.event = event
    self.stage = stage
  }

  private static let encoder: JSONEncoder = {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    // JSON has no other numbers; seconds are finite.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }()

  /// One line, without its end.
  var line: String {
    get throws { String(decoding: try Self.encoder.encode(self), as: UTF8.self) }
  }
}
