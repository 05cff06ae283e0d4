import Foundation

/// A process that takes the same step with another library whenever it is told to.
final class Peer {
  let name: String
  private let process = Process()
  private let requests = Pipe()
  private let answers = Pipe()

  enum Failure: Error, CustomStringConvertible {
    case silent(command: String)

    var description: String {
      switch self {
      case .silent(let command): "the peer gave no answer: \(command)"
      }
    }
  }

  /// Starts a script of `Peers/` and waits until it is ready.
  ///
  /// - Throws: `Failure`, and what starting a process throws.
  init(name: String, python: String, script: String, arguments: [String]) throws {
    self.name = name
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = [folder.appendingPathComponent("Peers/" + script).path] + arguments
    process.standardInput = requests
    process.standardOutput = answers
    try process.run()
    _ = try answer()
  }

  deinit {
    try? requests.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  /// Has it take a step; the seconds that this took.
  func step() throws -> Double {
    try requests.fileHandleForWriting.write(contentsOf: Data("\n".utf8))
    guard let seconds = Double(try answer()) else { throw silent }
    return seconds
  }

  private var silent: Failure {
    .silent(command: ([process.executableURL?.path ?? ""] + (process.arguments ?? [])).joined(separator: " "))
  }

  private func answer() throws -> String {
    var line = Data()
    while let byte = try answers.fileHandleForReading.read(upToCount: 1), !byte.isEmpty {
      if byte == Data("\n".utf8) { return String(decoding: line, as: UTF8.self) }
      line += byte
    }
    throw silent
  }
}
