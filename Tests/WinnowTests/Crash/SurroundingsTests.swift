import Foundation
import Glibc
import Testing

extension CommandTests {
  /// What a process is given by whoever starts it: limits, streams, signals, the environment.
  @Suite struct Surroundings {
    private func script(_ text: String, in workspace: Workspace) throws -> Outcome {
      try workspace.start(["-c", text, Command.path(of: "winnow")], program: "/bin/sh", threads: 1).outcome()
    }

    /// A file that cannot be written whole stays what it was, and nothing is left beside it. The shell counts blocks
    /// of 512 bytes.
    @Test(arguments: ["", "trap '' XFSZ; "]) func anAskedForFileIsWrittenWhole(_ trap: String) throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.write("the one before", to: "out.html")
      let names = try FileManager.default.contentsOfDirectory(atPath: workspace.folder.path).sorted()
      let outcome = try script("\(trap)ulimit -f 8; exec \"$0\" report test.pipeline --html out.html", in: workspace)
      outcome.expect(status: 74, messages: "cannot write 'out.html': File too large")
      let path = workspace.folder.appending(path: "out.html")
      #expect(try String(contentsOf: path, encoding: .utf8) == "the one before")
      #expect(try FileManager.default.contentsOfDirectory(atPath: workspace.folder.path).sorted() == names)
      // Through a link, and with the permissions that the file has.
      chmod(path.path, 0o640)
      symlink("out.html", workspace.folder.appending(path: "link.html").path)
      try workspace.winnow(["report", "test.pipeline", "--html", "link.html"]).expect()
      #expect(try String(contentsOf: path, encoding: .utf8).hasPrefix("<!doctype html>"))
      var status = stat()
      #expect(stat(path.path, &status) == 0 && status.st_mode & 0o777 == 0o640)
      // A pipe is no file.
      let piped = try script("\"$0\" report test.pipeline --html /dev/stdout | head -c 15", in: workspace)
      #expect(piped.output == "<!doctype html>")
    }

    /// A stage that writes more than it may, without a word to the parent.
    @Test func aLargeArtifact() throws {
      let workspace = try Workspace()
      let outcome = try script("ulimit -f 100; exec \"$0\" run test.pipeline", in: workspace)
      outcome.expect(status: 74, messages: "File too large")
      #expect(try workspace.storedPaths().filter { $0.contains(".tmp-") } == [])
      try workspace.run().expect()
      expectEqual(try workspace.artifacts(), try Workspace.reference.artifacts())
    }

    /// Files would have the numbers of streams that are closed, and what is printed would be in them.
    @Test func closedStreams() throws {
      let workspace = try Workspace()
      let outcome = try script("exec \"$0\" run test.pipeline <&- >&- 2>&-", in: workspace)
      // Results were lost.
      outcome.expect(status: 74)
      #expect(outcome.output.isEmpty && outcome.messages.isEmpty)
      expectEqual(try workspace.artifacts(), try Workspace.reference.artifacts())
      try workspace.winnow(["verify"]).expect()
    }

    /// A terminal that is gone stops a run as Ctrl-C does; `nohup` keeps it.
    @Test func hangup() throws {
      let workspace = try Workspace()
      let command = try workspace.start(["run", "test.pipeline"], stopsAtCheckpoints: true)
      try #require(command.goesOnToCheckpoint(2, of: "warmup"), "\(command.messages)")
      command.send(SIGHUP)
      try command.outcome().expect(status: 129, messages: "stopped by SIGHUP in stage 'warmup'")
      let outcome = try script(
        "trap '' HUP; \"$0\" run test.pipeline & sleep 0.1; kill -HUP $!; wait $!", in: workspace)
      outcome.expect()
      expectEqual(try workspace.artifacts(), try Workspace.reference.artifacts())
    }

    @Test(arguments: ["abc", "0", "-1", "99999"]) func numbersOfThreads(_ text: String) throws {
      let outcome = try script("WINNOW_THREADS=\(text) exec \"$0\" stages", in: Workspace())
      outcome.expect(status: 64, messages: "WINNOW_THREADS takes 1 to 1024, not '\(text)'")
    }
  }
}
