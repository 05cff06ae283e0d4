import Defenses
import Detection
import Networks
import Testing

@Suite("Who is drawn together")
struct ContrastiveGroupsTests {
  let labels = [2, 2, 0, 2, 0]
  let flags: [SampleSplit.Flag] = [.clean, .poisoned, .uncertain, .clean, .clean]

  func groups(_ kind: ContrastiveKind, _ positives: PositivePairs = .paper) -> ContrastiveGroups {
    ContrastiveGroups(kind, positives: positives, labels: labels, flags: flags)
  }

  @Test("the paper's relation goes both ways, the published code's one way")
  func relations() {
    #expect(groups(.unsupervised) == ContrastiveGroups([-1, -1, -1, -1, -1]))
    #expect(groups(.supervised) == ContrastiveGroups([2, 2, 0, 2, 0]))
    #expect(groups(.semiSupervised) == ContrastiveGroups([2, -1, -1, 2, 0]))
    #expect(
      groups(.semiSupervised, .code)
        == ContrastiveGroups(drawnTo: [2, -1, -1, 2, 0], memberOf: [2, 2, 0, 2, 0]))
  }

  @Test("without clean samples nothing is left of the labels; with clean ones alone, everything")
  func extremes() {
    func groups(_ flag: SampleSplit.Flag) -> ContrastiveGroups {
      ContrastiveGroups(
        .semiSupervised, positives: .paper, labels: labels, flags: labels.map { _ in flag })
    }
    #expect(groups(.uncertain) == self.groups(.unsupervised))
    #expect(groups(.clean) == self.groups(.supervised))
  }
}
