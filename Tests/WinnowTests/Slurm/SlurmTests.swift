import Foundation
import Glibc
import Testing

extension CommandTests {
  /// Stages as jobs of a cluster: what reaches Slurm, and what comes back.
  @Suite struct Slurm {
    private static let run = ["run", "test.pipeline", "--on", "slurm"]
    /// Jobs are known to have ended at once.
    private static let cluster = "patience = 0\n"

    private func workspace(_ cluster: String = "") throws -> Workspace {
      let workspace = try Workspace()
      try workspace.write(Self.cluster + cluster, to: "cluster")
      return workspace
    }

    /// No job is left, and its artifacts are those of a run here.
    private func expectDone(_ outcome: Outcome, _ workspace: Workspace) throws {
      outcome.expect()
      expectEqual(try workspace.artifacts(), try Workspace.reference.artifacts())
      #expect(try workspace.storedPaths().filter { $0.hasPrefix("jobs/") } == [])
      #expect(try workspace.storedPaths().filter { $0.contains(".tmp-") } == [])
    }

    @Test func sameBytes() throws {
      let (slurm, workspace) = (
        try FakeSlurm(),
        try workspace(
          """
          partition = main
          cpus = 2
          setup = echo prepared

          kind train
              cpus = 3
              memory = 2G
              time = 1:00:00
              option = --nice
          """)
      )
      let outcome = try slurm.winnow(Self.run, in: workspace)
      try expectDone(outcome, workspace)
      #expect(slurm.submitted.count == TestManifest.stages.count)
      let warmup = try #require(slurm.submitted.first { $0.contains("--job-name=winnow:warmup") })
      for option in [
        "--parsable", "--partition=main", "--cpus-per-task=3", "--mem=2048M", "--time=1:00:00", "--nice",
      ] {
        #expect(warmup.contains(option), "\(warmup)")
      }
      let scores = try #require(slurm.submitted.first { $0.contains("--job-name=winnow:scores") })
      // As much memory as is estimated, and some to spare.
      #expect(scores.contains("--cpus-per-task=2") && !scores.contains("--nice"))
      #expect(scores.contains("--mem="))
      for stage in TestManifest.stages {
        #expect(try workspace.storedPaths().contains("test/\(stage).log"))
      }
      #expect(outcome.messages.contains("warmup: job "))
      let log = workspace.folder.appending(path: "artifacts/test/warmup.log")
      #expect(try String(contentsOf: log, encoding: .utf8).hasPrefix("prepared\n"))
      // Nothing is left to do, for a run here as well.
      #expect(try workspace.run().built == [])
      try workspace.winnow(["clean", "test.pipeline"]).expect()
      #expect(try workspace.storedPaths().filter { $0.hasPrefix("test") } == [])
    }

    /// Ctrl-C, or the end of the run itself, leaves the jobs; the next run takes up what they did.
    @Test(arguments: [SIGINT, SIGKILL]) func jobsOutliveTheRun(signal: CInt) throws {
      let (slurm, workspace) = (try FakeSlurm("hold"), try workspace())
      let command = try slurm.start(Self.run, in: workspace)
      #expect(command.wait { slurm.jobs.count == 2 && command.messages.contains("pending") })
      command.send(signal)
      let outcome = try command.outcome()
      if signal == SIGINT {
        outcome.expect(status: 130, messages: "goes on; run again to take its result")
      }
      #expect(slurm.jobs.allSatisfy { kill($0, 0) == 0 })
      try slurm.clear("hold")
      let second = try slurm.winnow(Self.run, in: workspace)
      try expectDone(second, workspace)
      #expect(second.messages.contains("train: goes on as job "))
      #expect(slurm.submitted.count == TestManifest.stages.count, "nothing was submitted again")
    }

    @Test func cancelEndsThem() throws {
      let (slurm, workspace) = (try FakeSlurm("hold"), try workspace())
      let command = try slurm.start(Self.run, in: workspace)
      #expect(command.wait { slurm.jobs.count == 2 && command.messages.contains("pending") })
      let busy = try slurm.winnow(Self.run + ["--cancel"], in: workspace)
      busy.expect(status: 75)
      command.send(SIGINT)
      #expect(try command.outcome().status == 130)
      let outcome = try slurm.winnow(Self.run + ["--cancel"], in: workspace)
      outcome.expect(messages: "ended the jobs of: test, train")
      #expect(try workspace.storedPaths().filter { $0.hasPrefix("jobs/") } == [])
      try slurm.clear("hold")
      try slurm.winnow(Self.run + ["--cancel"], in: workspace).expect(messages: "no jobs of 'test'")
      try expectDone(try slurm.winnow(Self.run, in: workspace), workspace)
    }

    /// No more jobs in the queue than asked for.
    @Test func asManyAsAskedFor() throws {
      let (slurm, workspace) = (try FakeSlurm("hold"), try workspace())
      let command = try slurm.start(Self.run + ["--jobs", "1"], in: workspace)
      #expect(command.wait { slurm.jobs.count == 1 && command.messages.contains("pending") })
      usleep(300_000)
      #expect(slurm.jobs.count == 1)
      try slurm.clear("hold")
      try expectDone(try command.outcome(), workspace)
    }

    @Test func lostJobsHaveSuccessors() throws {
      let (slurm, workspace) = (try FakeSlurm("lose=3"), try workspace())
      // What happens to jobs is told in JSON as well.
      let outcome = try slurm.winnow(Self.run + ["--json"], in: workspace)
      try expectDone(outcome, workspace)
      #expect(slurm.submitted.count == TestManifest.stages.count + 3)
      func count(_ event: String) -> Int {
        outcome.output.split(separator: "\n").count { $0.contains("\"event\":\"\(event)\"") }
      }
      #expect(count("job-lost") == 3)
      #expect(count("job-submitted") == slurm.submitted.count)
    }

    @Test func butNotForEver() throws {
      let (slurm, workspace) = (try FakeSlurm("lose=9"), try workspace("retries = 1\n"))
      let outcome = try slurm.winnow(Self.run + ["--jobs", "1"], in: workspace)
      outcome.expect(status: 74, messages: "its job ended without a result 2 times")
      #expect(slurm.submitted.count == 2)
      #expect(try workspace.storedPaths().filter { $0.hasPrefix("jobs/") } == [])
    }

    /// The successor of one that Slurm ended for its memory may have twice as much; of others, as much.
    @Test(arguments: [("OUT_OF_MEMORY", "out of memory", "--mem=2048M"), ("TIMEOUT", "timeout", "--mem=1024M")])
    func jobsThatWantMoreMemory(_ state: String, _ words: String, _ memory: String) throws {
      let (slurm, workspace) = (try FakeSlurm("lose=1", "state=\(state)"), try workspace("memory = 1G\n"))
      let outcome = try slurm.winnow(Self.run + ["--jobs", "1"], in: workspace)
      try expectDone(outcome, workspace)
      #expect(outcome.messages.contains("ended without a result (\(words))"))
      let asked = slurm.submitted.map { $0.split(separator: " ").first { $0.hasPrefix("--mem=") }.map(String.init) }
      #expect(asked.prefix(3) == ["--mem=1024M", memory, "--mem=1024M"])
    }

    /// A job that is killed while its stage trains is followed by one that goes on from its checkpoint.
    @Test func killedAtWork() throws {
      let (slurm, workspace, reference) = (try FakeSlurm(), try workspace(), try Workspace())
      let overrides = ["--only", "warmup", "warmup.epochs=24"]
      try reference.winnow(["run", "test.pipeline"] + overrides).expect()
      let command = try slurm.start(Self.run + overrides, in: workspace)
      // A checkpoint is saved after each epoch.
      #expect(command.wait { jobMessages(workspace).contains("epoch 3 of 24") })
      let job = try #require(slurm.jobs.last)
      kill(job, SIGKILL)
      let outcome = try command.outcome()
      outcome.expect(messages: "warmup: job \(job) ended without a result")
      expectEqual(try workspace.artifacts(), try reference.artifacts())
      // The last job says where it began: there is no first epoch among its messages.
      let log = try String(
        contentsOf: workspace.folder.appending(path: "artifacts/test/warmup.log"), encoding: .utf8)
      #expect(log.contains("epoch 24 of 24") && !log.contains("epoch 1 of 24"))
    }

    /// What the jobs that have not ended have said.
    private func jobMessages(_ workspace: Workspace) -> String {
      let folder = workspace.folder.appending(path: "artifacts/jobs")
      let paths = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []
      return paths.filter { $0.contains("/log-") }
        .compactMap { try? String(contentsOf: folder.appending(path: $0), encoding: .utf8) }.joined()
    }

    /// What is wrong with the data is wrong in any job.
    @Test func anErrorOfDataIsFinal() throws {
      let (slurm, workspace) = (try FakeSlurm(), try workspace())
      try Data([1, 2, 3]).write(to: workspace.folder.appending(path: "data/test_batch.bin"))
      let outcome = try slurm.winnow(Self.run + ["--only", "test"], in: workspace)
      outcome.expect(status: 65, messages: "stage 'test' failed: ")
      #expect(slurm.submitted.count == 1)
      #expect(try workspace.storedPaths().contains("test/test.log"))
      let here = try workspace.run("--only", "test")
      #expect(here.status == 65)
      let line = try #require(here.messages.split(separator: "\n").first { $0.contains("stage 'test' failed: ") })
      #expect(outcome.messages.contains(line), "the message is that of a run here")
    }

    @Test func slurmMayRefuse() throws {
      let outcome = try FakeSlurm("refuse").winnow(Self.run, in: workspace())
      outcome.expect(
        status: 74, messages: "sbatch refused the job: sbatch: error: invalid partition specified")
    }

    @Test func slurmMayNotBeThere() throws {
      let outcome = try FakeSlurm().winnow(Self.run, in: workspace(), isInstalled: false)
      outcome.expect(status: 74, messages: "there is no 'squeue' here")
    }

    /// Results are found without the queue.
    @Test func slurmMayBeSilent() throws {
      let (slurm, workspace) = (try FakeSlurm("silent"), try workspace())
      let outcome = try slurm.winnow(Self.run, in: workspace)
      try expectDone(outcome, workspace)
      #expect(outcome.messages.contains("Slurm does not answer"))
    }

    /// Jobs go on when the queue's command goes away, and their results are found.
    @Test func theQueueGoesAway() throws {
      let (slurm, workspace) = (try FakeSlurm("hold"), try workspace())
      let command = try slurm.start(Self.run + ["--jobs", "1"], in: workspace)
      #expect(command.wait { slurm.jobs.count == 1 && command.messages.contains("pending") })
      try slurm.clear("squeue")
      #expect(command.wait { command.messages.contains("Slurm does not answer") })
      try slurm.clear("hold")
      try expectDone(try command.outcome(), workspace)
    }

    @Test func wrongUsage() throws {
      let (slurm, workspace) = (try FakeSlurm(), try workspace("cpu = 3\n"))
      try slurm.winnow(["run", "test.pipeline", "--cancel"], in: workspace)
        .expect(status: 64, messages: "--cluster and --cancel go with '--on slurm'")
      try slurm.winnow(Self.run, in: workspace)
        .expect(status: 65, messages: "cluster:2: a job has no 'cpu'", "did you mean 'cpus'?")
      try slurm.winnow(Self.run + ["--cluster", "missing"], in: workspace).expect(status: 66)
      #expect(slurm.submitted == [])
    }

    @Test func aTicketIsNeeded() throws {
      let workspace = try Workspace()
      try workspace.winnow(["work", "missing"]).expect(status: 66)
      try workspace.winnow(["work", "test.pipeline"])
        .expect(status: 65, messages: "'test.pipeline' is no work for winnow")
      #expect(try !workspace.winnow(["--help"]).output.contains("  work "))
    }
  }
}
