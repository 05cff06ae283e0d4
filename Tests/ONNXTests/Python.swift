import Foundation

/// A Python that has onnxruntime, where there is one: `WINNOW_PYTHON`, or `python3`.
enum Python {
  private static let program = ProcessInfo.processInfo.environment["WINNOW_PYTHON"] ?? "python3"

  static let hasRuntime = (try? run(["-c", "import numpy, onnx, onnxruntime"]).status) == 0

  static func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    let pipe = Pipe()
    (process.standardOutput, process.standardError) = (pipe, pipe)
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
