import Foundation
import HDF5
import Testing

extension CommandTests {
  @Suite struct Determinism {
    /// Other folders, other numbers of threads, the same bytes.
    @Test(arguments: [1, 2, 3]) func threadsDoNotMatter(threads: Int) throws {
      let workspace = try Workspace()
      try workspace.run(threads: threads).expect()
      expectEqual(try workspace.artifacts(), try Workspace.reference.artifacts())
    }

    @Test func seedsMatter() throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.run("--only", "warmup", "warmup.seed=2").expect()
      #expect(try workspace.artifacts()["warmup"] != Workspace.reference.artifacts()["warmup"])
    }

    /// Nothing but 'detection' and the evaluation knows who is poisoned: the same images and labels,
    /// read from files that say nothing about it, give the same scores, split and weights. Recording
    /// the rounds on test sets does not matter either.
    @Test func nothingLooksAtTheTruth() throws {
      let workspace = try Workspace(copyOf: .reference)
      let poisoned = try Workspace.reference.artifact("poisoned").root
      try TestData.write(
        Self.files(
          pixels: poisoned.read("images"), labels: poisoned.read("labels")),
        to: workspace.folder.appending(path: "suspect"))
      try workspace.write(TestManifest.withoutTruth, to: "blind.pipeline")
      let outcome = try workspace.winnow(["run", "blind.pipeline"])
      outcome.expect()
      #expect(
        outcome.built
          == ["suspect", "warmup", "fine_tuned", "scores", "split", "detection", "backdoored", "repaired"])
      #expect(outcome.output.contains("no ground truth in this training set"))
      let detection = try workspace.artifact("detection", of: "blind").root
      #expect(try detection.attribute("has_truth", as: String.self) == "no")
      #expect(try !detection.hasAttribute("auroc"))

      func root(_ stage: String) throws -> (Group, Group) {
        (try workspace.artifact(stage, of: "blind").root, try Workspace.reference.artifact(stage).root)
      }
      for (stage, dataset) in [("scores", "scores"), ("split", "flags")] {
        let (found, expected) = try root(stage)
        if dataset == "scores" {
          #expect(try found.read(dataset, as: Double.self) == expected.read(dataset, as: Double.self))
        } else {
          #expect(try found.read(dataset, as: UInt8.self) == expected.read(dataset, as: UInt8.self))
        }
      }
      for stage in ["warmup", "fine_tuned", "backdoored", "repaired"] {
        let (found, expected) = try root(stage)
        for name in ["state_dict", "momentum"] {
          let (a, b) = (try found.group(name), try expected.group(name))
          #expect(try a.names == b.names)
          for tensor in try a.names where !tensor.hasSuffix("num_batches_tracked") {
            #expect(
              try a.read(tensor, as: Float.self) == b.read(tensor, as: Float.self), "\(stage) \(tensor)")
          }
        }
      }
    }

    /// Images `[count, 32, 32, 3]` as CIFAR-10's training files.
    private static func files(pixels: [UInt8], labels: [Int]) -> [String: Data] {
      var files: [String: Data] = [:]
      for (index, label) in labels.enumerated() {
        var record = [UInt8(label)]
        for channel in 0..<3 {
          for place in 0..<1024 { record.append(pixels[(index * 1024 + place) * 3 + channel]) }
        }
        let number = index / TestData.imagesPerFile + 1
        files["data_batch_\(number).bin", default: Data()].append(contentsOf: record)
      }
      return files
    }
  }
}
