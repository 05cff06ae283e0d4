extension ReportContents {
  /// A model on the training set itself: how many of its samples it gives the label that they came with.
  package struct ModelAgreement: Hashable, Sendable {
    /// Some of the samples.
    package struct Part: Hashable, Sendable {
      package let count: Int
      /// Those that the model gives their label.
      package let agreeing: Int

      package init(count: Int, agreeing: Int) {
        self.count = count
        self.agreeing = agreeing
      }

      /// "96.10%"
      package var share: String {
        count == 0 ? NumberFormat.missing : NumberFormat.percent(Double(agreeing) / Double(count))
      }
    }

    /// The stage that made it.
    package let model: String
    /// The samples named clean and poisoned.
    package let clean: Part
    package let poisoned: Part

    package init(model: String, clean: Part, poisoned: Part) {
      self.model = model
      self.clean = clean
      self.poisoned = poisoned
    }
  }
}
