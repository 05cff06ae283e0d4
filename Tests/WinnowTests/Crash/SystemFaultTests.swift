import Foundation
import Glibc
import Synchronization
import SystemPackage
import Testing

extension CommandTests {
  /// System calls that fail under real stages. (`FaultTests` of the pipelines has every call, under
  /// stages that do nothing.)
  @Suite struct SystemFaults {
    private static let positions = 6

    @Test(arguments: [("once", ENOSPC), ("once", EIO), ("lasting", ENOSPC)])
    func aFailedCallLeavesALegalState(action: String, code: CInt) async throws {
      let reference = try CrashReference.shared
      let calls = try Kills.trace()
      let failures = Atomic<Int>(0)
      let differing = Atomic<Int>(0)
      try await CrashReference.forEach(Self.positions) { index in
        let position = (2 * index + 1) * calls.count / (2 * Self.positions)
        let workspace = try Workspace(manifest: CrashReference.manifest)
        let outcome = try workspace.start(
          ["test.pipeline", action, "\(position + 1)", "\(code)"], program: "FaultyWinnow", threads: 1
        ).outcome()
        if outcome.status != 0 {
          failures.add(1, ordering: .relaxed)
          #expect([73, 74].contains(outcome.status), "\(outcome.messages)")
          let words = code == ENOSPC ? "No space left on device" : "Input/output error"
          #expect(outcome.messages.contains(words), "\(calls[position]): \(outcome.messages)")
        }
        let artifacts = try workspace.artifacts()
        for (stage, bytes) in artifacts where bytes != reference.artifacts[stage] {
          Issue.record("\(stage) after \(calls[position])")
        }
        try workspace.winnow(["verify"]).expect()
        let difference = try reference.differences(
          afterResuming: workspace, threads: 2, isFaulty: true)
        #expect(difference == nil, "call \(position): \(calls[position])")
        if difference != nil { differing.add(1, ordering: .relaxed) }
      }
      Measured.print(
        "\(Errno(rawValue: code)), \(action), at \(Self.positions) of \(calls.count) system calls, runs that "
          + "failed: \(failures.load(ordering: .relaxed)), differing after the next run: "
          + "\(differing.load(ordering: .relaxed))")
      // Not every call matters: that a memory figure cannot be read is no failure.
      #expect(failures.load(ordering: .relaxed) > Self.positions / 2)
    }

    /// A file system of a few hundred kilobytes that fills up, then grows.
    @Test(.enabled(if: canMount, "file systems cannot be mounted here: a full disk is not tried"))
    func aFullDisk() throws {
      let reference = try CrashReference.shared
      let total = reference.artifacts.values.reduce(0) { $0 + $1.count }
      for part in 1...4 {
        let workspace = try Workspace(manifest: CrashReference.manifest)
        let outcome = try inMountedFolder(workspace, """
          mount -t tmpfs -o size=\(total * part / 5) none artifacts
          "$0" run test.pipeline --checkpoint 0; echo "status $?"
          "$0" verify > /dev/null; echo "verified $?"
          mount -o remount,size=\(4 * total) none artifacts
          "$0" run test.pipeline --checkpoint 0 2> /dev/null > /dev/null; echo "status $?"
          cp -a artifacts copied
          """)
        #expect(outcome.output.contains("status 74\nverified 0\nstatus 0\n"), "\(outcome.output)")
        #expect(outcome.messages.contains("No space left on device"), "\(outcome.messages)")
        #expect(outcome.messages.contains("free some space and run again"), "\(outcome.messages)")
        try FileManager.default.removeItem(at: workspace.folder.appending(path: "artifacts"))
        try FileManager.default.moveItem(
          at: workspace.folder.appending(path: "copied"),
          to: workspace.folder.appending(path: "artifacts"))
        expectEqual(try workspace.artifacts(), reference.artifacts)
        #expect(try workspace.storedPaths() == reference.storedPaths)
      }
      Measured.print("disks that are full at 1/5 to 4/5 of the artifacts: 4")
    }

    @Test(.enabled(if: canMount, "file systems cannot be mounted here: a read-only one is not tried"))
    func aReadOnlyFolder() throws {
      let workspace = try Workspace(copyOf: CrashReference.shared.workspace)
      let outcome = try inMountedFolder(workspace, """
        mount --bind artifacts artifacts && mount -o remount,ro,bind artifacts
        "$0" status test.pipeline > /dev/null; echo "status $?"
        "$0" run test.pipeline clean=25%; echo "status $?"
        """)
      #expect(outcome.output == "status 0\nstatus 73\n", "\(outcome.output)")
      #expect(outcome.messages.contains("Read-only file system"), "\(outcome.messages)")
      #expect(outcome.messages.contains("choose one with -C"), "\(outcome.messages)")
    }

    /// Runs a script that sees mounts of its own; `$0` is `winnow`.
    private func inMountedFolder(_ workspace: Workspace, _ script: String) throws -> Outcome {
      try FileManager.default.createDirectory(
        at: workspace.folder.appending(path: "artifacts"), withIntermediateDirectories: true)
      return try workspace.start(
        Self.namespace + ["sh", "-c", script, Command.path(of: "winnow")], program: "/usr/bin/unshare",
        threads: 2
      ).outcome()
    }

    /// Root needs no user namespace, and may not get one.
    private static let namespace = getuid() == 0 ? ["--mount"] : ["--mount", "--map-root-user"]

    private static let canMount: Bool = {
      guard let workspace = try? Workspace() else { return false }
      let outcome = try? workspace.start(
        namespace + ["mount", "-t", "tmpfs", "-o", "size=1m", "none", "data"],
        program: "/usr/bin/unshare", threads: 1
      ).outcome()
      return outcome?.status == 0
    }()
  }
}
