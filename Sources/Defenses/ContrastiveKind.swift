import Detection
import Networks

/// Which contrastive loss extracts the features (paper, Table 3; method 5.1).
package enum ContrastiveKind: String, CaseIterable, Hashable, Sendable {
  /// CTL: the two views of a sample attract each other (SimCLR).
  case unsupervised = "ctl"
  /// S-CTL: all samples of the same given label do (SupCon).
  case supervised = "s-ctl"
  /// SS-CTL: samples named clean of the same given label do.
  case semiSupervised = "ss-ctl"
}

/// Which pairs the semi-supervised loss draws together, besides the views of one sample.
package enum PositivePairs: String, CaseIterable, Hashable, Sendable {
  /// Both named clean, with the same given label (Eq. 2).
  case paper
  /// The first one named clean, with the same given label: what the authors' code does. A clean sample
  /// of the target class is drawn to the poisoned ones there, though not they to it.
  case code
}

extension ContrastiveGroups {
  /// - Parameters:
  ///   - labels: the given labels.
  ///   - flags: what the samples are taken for, as many as labels.
  package init(
    _ kind: ContrastiveKind, positives: PositivePairs, labels: [Int], flags: [SampleSplit.Flag]
  ) {
    precondition(labels.count == flags.count)
    let all = labels.map(Int32.init)
    let clean = zip(all, flags).map { $1 == .clean ? $0 : -1 }
    switch (kind, positives) {
    case (.unsupervised, _): self.init([Int32](repeating: -1, count: labels.count))
    case (.supervised, _): self.init(all)
    case (.semiSupervised, .paper): self.init(clean)
    case (.semiSupervised, .code): self.init(drawnTo: clean, memberOf: all)
    }
  }
}
