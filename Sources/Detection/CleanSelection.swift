/// Which samples become the clean set.
package enum CleanSelection: String, CaseIterable, Hashable, Sendable {
  /// The ⌊share · N⌋ least suspicious.
  case rank
  /// The same number, but the same share of each given class, as far as its size allows and no sample
  /// is too suspicious: see `RankSplitter.eligibleShare(cleanShare:)`.
  case balanced
  /// `rank`, and besides every sample with a score of exactly zero.
  case zeros
  /// The authors' rule: every sample at or below the score of rank ⌊share · N⌋, so all ties with it. Of
  /// equal scores on the poisoned side the seed decides, where the authors name all of them.
  case published
}
