/// Receives what a running stage reports.
package protocol StageReporter: Sendable {
  func stageProgressed(_ stage: String, _ progress: StageProgress)
  func stageNoted(_ stage: String, _ note: StageNote)
}

/// A line that a stage wants the user to read.
package struct StageNote: Hashable, Sendable, Codable {
  package let isWarning: Bool
  package let text: String
}

/// How far a stage has come.
package struct StageProgress: Sendable {
  /// Steps done and steps in all, in a unit of the stage's choice.
  package let done: Int
  package let total: Int
  /// What a step is about: "epoch 3 of 12".
  package let label: String
  /// The rate, ready to print ("1,204 images/s"), where there is one.
  package let rate: String?
  /// True at the end of an epoch or its like: worth a line in a log.
  package let isMilestone: Bool
  /// What to say at a milestone: "loss 1.203, accuracy 54.1%".
  package let detail: String?

  package init(
    done: Int, total: Int, label: String, rate: String? = nil, isMilestone: Bool = false,
    detail: String? = nil
  ) {
    self.done = done
    self.total = total
    self.label = label
    self.rate = rate
    self.isMilestone = isMilestone
    self.detail = detail
  }
}
