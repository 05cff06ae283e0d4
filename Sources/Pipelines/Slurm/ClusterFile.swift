import Foundation
import SystemPackage

/// Reads a `cluster` file; see `ClusterSettings`.
package enum ClusterFile {
  private static let names = [
    "partition", "account", "cpus", "memory", "time", "retries", "patience", "option", "setup",
  ]

  /// - Parameter kinds: the kinds of stage that there are.
  /// - Throws: `ClusterFileError`, for the first line that cannot be read.
  package static func settings(
    from text: String, at path: FilePath, kinds: [String]
  ) throws(ClusterFileError) -> ClusterSettings {
    var settings = ClusterSettings()
    var kind: String?
    // "\r\n" is one Character.
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let content = withoutComment(line)
      guard let first = content.firstIndex(where: { !$0.isWhitespace }) else { continue }
      do throws(ClusterFileError.Reason) {
        if let equals = content.firstIndex(of: "=") {
          let isOfKind = first > content.startIndex
          if isOfKind, kind == nil { throw .kindMissing }
          let name = trimmed(content[..<equals])
          let value = trimmed(content[content.index(after: equals)...])
          if isOfKind, let kind {
            try set(name, to: value, in: &settings.kinds[kind, default: ClusterSettings.Request()])
          } else {
            kind = nil
            try set(name, to: value, in: &settings.all)
          }
        } else {
          kind = try self.kind(trimmed(content), known: kinds)
        }
      } catch {
        throw ClusterFileError(path: path, line: index + 1, reason: error)
      }
    }
    return settings
  }

  /// As in a manifest, a comment begins the line or stands behind white space.
  private static func withoutComment(_ line: Substring) -> Substring {
    var isBehindSpace = true
    let end = line.firstIndex { character in
      defer { isBehindSpace = character.isWhitespace }
      return character == "#" && isBehindSpace
    }
    return line[..<(end ?? line.endIndex)]
  }

  private static func trimmed(_ text: Substring) -> String {
    text.trimmingCharacters(in: .whitespaces)
  }

  private static func kind(
    _ text: String, known: [String]
  ) throws(ClusterFileError.Reason) -> String {
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    guard words.count == 2, words[0] == "kind" else { throw .notUnderstood(text) }
    guard known.contains(words[1]) else { throw .unknownKind(words[1], known: known) }
    return words[1]
  }

  private static func set(
    _ name: String, to value: String, in request: inout ClusterSettings.Request
  ) throws(ClusterFileError.Reason) {
    guard !value.isEmpty else { throw .noValue(name) }
    switch name {
    case "partition": request.partition = try word(value, of: name)
    case "account": request.account = try word(value, of: name)
    case "time": request.time = try word(value, of: name)
    case "cpus": request.cpus = try number(value, in: 1...1024, of: name)
    case "retries": request.retries = try number(value, in: 0...1000, of: name)
    case "patience": request.patience = try number(value, in: 0...3600, of: name)
    case "memory": request.memory = try size(value)
    case "option":
      guard value.hasPrefix("-") else { throw .notAnOption(value) }
      request.options.append(value)
    case "setup": request.setup.append(value)
    default: throw .unknownName(name, known: names)
    }
  }

  private static func word(_ text: String, of name: String) throws(ClusterFileError.Reason) -> String {
    guard !text.contains(where: \.isWhitespace) else { throw .notAWord(name, text) }
    return text
  }

  private static func number(
    _ text: String, in range: ClosedRange<Int>, of name: String
  ) throws(ClusterFileError.Reason) -> Int {
    guard let number = Int(text), range.contains(number) else {
      throw .notANumber(name, text, range)
    }
    return number
  }

  /// "800M", "4G", "4 GB": Slurm's units, of 1024 each.
  private static func size(_ text: String) throws(ClusterFileError.Reason) -> Double {
    let digits = text.prefix { $0.isNumber || $0 == "." }
    var unit = text.dropFirst(digits.count).filter { !$0.isWhitespace }.uppercased()
    if unit.count == 2, unit.hasSuffix("B") { unit.removeLast() }
    let factors = ["K": 1024.0, "M": 1_048_576, "G": 1_073_741_824, "T": 1_099_511_627_776]
    guard let number = Double(digits), number > 0, let factor = factors[unit], number * factor < 0x1p60
    else { throw .notASize(text) }
    return number * factor
  }
}

/// A line of a `cluster` file that cannot be read.
package struct ClusterFileError: Error, Hashable {
  package enum Reason: Error, Hashable {
    case notUnderstood(String)
    case kindMissing
    case unknownKind(String, known: [String])
    case unknownName(String, known: [String])
    case noValue(String)
    case notAWord(String, String)
    case notANumber(String, String, ClosedRange<Int>)
    case notASize(String)
    case notAnOption(String)
  }

  package let path: FilePath
  /// Counted from 1.
  package let line: Int
  package let reason: Reason
}

extension ClusterFileError: CustomStringConvertible, ErrorWithExitStatus {
  package var description: String {
    "\(path):\(line): \(reason.message)" + (reason.hint.map { "\n  " + $0 } ?? "")
  }

  package var exitStatus: ExitStatus { .data }
}

extension ClusterFileError.Reason {
  fileprivate var message: String {
    switch self {
    case .notUnderstood(let text): "'\(text)' is neither 'name = value' nor 'kind name'"
    case .kindMissing: "an indented line belongs to a kind, and there is none above it"
    case .unknownKind(let name, _): "there is no kind of stage '\(name)'"
    case .unknownName(let name, _): "a job has no '\(name)'"
    case .noValue(let name): "'\(name)' has no value"
    case .notAWord(let name, let text): "'\(name)' is one word, not '\(text)'"
    case .notANumber(let name, let text, let range):
      "'\(name)' takes \(range.lowerBound) to \(range.upperBound), not '\(text)'"
    case .notASize(let text): "'memory' takes a size such as 800M or 4G, not '\(text)'"
    case .notAnOption(let text): "'option' takes an option of sbatch such as --nice, not '\(text)'"
    }
  }

  fileprivate var hint: String? {
    switch self {
    case .unknownKind(let name, let known), .unknownName(let name, let known):
      Suggestion.nearest(to: name, among: known).map { "did you mean '\($0)'?" }
        ?? "there are: " + known.joined(separator: " ")
    default: nil
    }
  }
}
