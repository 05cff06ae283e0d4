import Foundation
import Testing

extension CommandTests {
  /// Completions for shells, as far as a shell is there to read them.
  @Suite struct CompletionTests {
    @Test(arguments: ["bash", "zsh", "fish"]) func script(_ shell: String) throws {
      let outcome = try Workspace.reference.winnow(["--generate-completion-script", shell])
      outcome.expect()
      for word in ["audit", "export", "safetensors", "onnx", "quarantine"] {
        #expect(outcome.output.contains(word), "\(word)")
      }
      guard FileManager.default.isExecutableFile(atPath: "/bin/\(shell)") else { return }
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/\(shell)")
      process.arguments = ["-n", "/dev/stdin"]
      let pipe = Pipe()
      process.standardInput = pipe
      try process.run()
      try pipe.fileHandleForWriting.write(contentsOf: Data(outcome.output.utf8))
      try pipe.fileHandleForWriting.close()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
    }
  }
}
