import ArgumentParser
import Pipelines
import Reports

extension Winnow {
  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read all artifacts again and compare them with their hashes.",
      discussion: """
        Other commands read a file again only when its size, times or inode changed. This one finds \
        damage that leaves those alone; 'winnow run' then rebuilds what it needs.

        Example: winnow verify
        """)

    @OptionGroup var place: DirectoryOption

    mutating func run() throws {
      let report = try place.store.verify()
      for damage in report.damage { Output.result("\(word(for: damage.kind)): \(damage.path)") }
      let outdated = "; \(report.outdated) records were written by another version of winnow"
      Output.result(
        "\(report.artifacts) artifacts (\(NumberFormat.size(report.bytes))), \(report.records) records, "
          + "\(report.checkpoints) checkpoints read"
          + (report.outdated > 0 ? outdated : ""))
      if !report.damage.isEmpty { throw PipelineError.damaged(count: report.damage.count) }
    }

    private func word(for kind: StoreDamage.Kind) -> String {
      switch kind {
      case .artifact: "damaged artifact"
      case .missingArtifact: "missing artifact"
      case .record: "damaged record"
      case .checkpoint: "damaged checkpoint"
      }
    }
  }
}
