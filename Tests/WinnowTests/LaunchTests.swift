import Compute
import Foundation
import TestSupport
import Testing

extension CommandTests {
  /// Builds for several processors in one folder, with scripts in the place of all but the first.
  @Suite struct LaunchTests {
    @Test(arguments: [false, true]) func aBetterBuildBesideItRuns(isOlder: Bool) throws {
      let folder = try TemporaryFolder(isOnDisk: true)
      let program = folder.url.appending(path: "winnow").path
      try Command.writingExecutables {
        try FileManager.default.copyItem(atPath: Command.path(of: "winnow"), toPath: program)
        for level in 2...4 {
          let variant = "\(program)-x86-64-v\(level)"
          try Data("#!/bin/sh\necho \"level \(level)\" \"$@\"\n".utf8).write(to: URL(fileURLWithPath: variant))
          try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: variant)
          guard isOlder else { continue }
          try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 0)], ofItemAtPath: variant)
        }
      }
      let outcome = try Command(["--version"], program: program, in: folder.url, logs: folder.url, threads: 1)
        .outcome()
      #expect(outcome.status == 0, "\(outcome.messages)")
      let (own, best) = (InstructionSets.compiled.level, InstructionSets.available.level)
      if own < best && !isOlder {
        #expect(outcome.output == "level \(best) --version\n")
      } else {
        #expect(outcome.output.hasPrefix("winnow "), "\(outcome.output)")
      }
      #expect(outcome.messages.contains("-x86-64-v\(best)' is older than") == (own < best && isOlder))
    }
  }
}
