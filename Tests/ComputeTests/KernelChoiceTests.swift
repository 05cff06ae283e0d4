import Compute
import Foundation
import Testing

@Suite struct KernelChoiceTests {
  private static let variable = "OPENBLAS_CORETYPE"
  private static let hasAVX2 =
    (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.contains(" avx2 ") ?? false

  /// OpenBLAS rounds in the same way on all processors, unless somebody asked for something else.
  @Test(.enabled(if: hasAVX2 && ProcessInfo.processInfo.environment[variable] == nil))
  func kernelsAreThoseThatAllProcessorsHave() {
    #expect(MatrixProduct.kernels == "Haswell")
  }

  /// Programs that this one starts choose for themselves.
  @Test(.enabled(if: hasAVX2 && ProcessInfo.processInfo.environment[variable] == nil))
  func environmentIsAsItWas() throws {
    _ = MatrixProduct.kernels
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(text.contains("PATH="))
    #expect(!text.contains(Self.variable))
  }
}
