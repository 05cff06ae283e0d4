/// What a report tells: values, whatever they were read from. What is `nil` or empty is left out of the page.
package struct ReportContents: Sendable {
  /// How suspect samples are.
  package struct Scores: Sendable {
    /// `[count]`; larger is more suspicious.
    package let values: [Double]
    /// What they are: "fct (squared distance of features)".
    package let title: String
    package let thresholds: [Histogram.Threshold]

    package init(values: [Double], title: String, thresholds: [Histogram.Threshold]) {
      self.values = values
      self.title = title
      self.thresholds = thresholds
    }
  }

  /// How many samples of a class are taken for what.
  package struct ClassCounts: Hashable, Sendable {
    package let name: String
    package let clean: Int
    package let uncertain: Int
    package let poisoned: Int

    package init(name: String, clean: Int, uncertain: Int, poisoned: Int) {
      self.name = name
      self.clean = clean
      self.uncertain = uncertain
      self.poisoned = poisoned
    }
  }

  /// Samples of one class to be looked at.
  package struct GalleryClass: Sendable {
    package let name: String
    /// How many are named poisoned, of which some are shown.
    package let named: Int
    package let suspects: [PagePicture]
    package let others: [PagePicture]
    /// Whether these are named clean; otherwise they are uncertain.
    package let othersAreClean: Bool
    /// The mean of all suspects less that of the others; `nil` where there are no others.
    package let difference: PagePicture?

    package init(
      name: String, named: Int, suspects: [PagePicture], others: [PagePicture], othersAreClean: Bool,
      difference: PagePicture?
    ) {
      self.name = name
      self.named = named
      self.suspects = suspects
      self.others = others
      self.othersAreClean = othersAreClean
      self.difference = difference
    }
  }

  /// Features of some samples in the plane, before and after their images are transformed.
  package struct FeatureMap: Hashable, Sendable {
    /// Samples of a class, or those that are poisoned.
    package struct Group: Hashable, Sendable {
      package let name: String
      package let isSuspect: Bool
      package let before: [ChartPoint]
      package let after: [ChartPoint]

      package init(name: String, isSuspect: Bool, before: [ChartPoint], after: [ChartPoint]) {
        self.name = name
        self.isSuspect = isSuspect
        self.before = before
        self.after = after
      }
    }

    /// Later ones are drawn above earlier ones.
    package let groups: [Group]
    /// "rotate, then affine"
    package let transformation: String

    package init(groups: [Group], transformation: String) {
      self.groups = groups
      self.transformation = transformation
    }
  }

  /// What was measured in each epoch of a training.
  package struct History: Sendable {
    package let stage: String
    /// "round" or "epoch".
    package let step: String
    package let columns: [(metric: MetricDeclaration, values: [Double])]

    package init(
      stage: String, step: String, columns: [(metric: MetricDeclaration, values: [Double])]
    ) {
      self.stage = stage
      self.step = step
      self.columns = columns
    }
  }

  /// A stage of the pipeline and what it took.
  package struct Stage: Hashable, Sendable {
    package let name: String
    package let kind: String
    package let inputs: [String]
    package let seconds: Double?
    package let peakMemory: Int64?
    package let size: Int64?

    package init(
      name: String, kind: String, inputs: [String], seconds: Double?, peakMemory: Int64?, size: Int64?
    ) {
      self.name = name
      self.kind = kind
      self.inputs = inputs
      self.seconds = seconds
      self.peakMemory = peakMemory
      self.size = size
    }
  }

  package var title: String
  package var finding: Finding?
  /// What was run on what: names and values.
  package var facts: [(name: String, value: String)] = []
  package var warnings: [String] = []
  package var classes: [ClassCounts] = []
  package var scores: Scores?
  package var featureMap: FeatureMap?
  /// Which samples are poisoned, `[count]`, where that is known.
  package var isPoisoned: [Bool]?
  package var gallery: [GalleryClass] = []
  /// Classes with suspects that the gallery has no room for.
  package var galleryLeftOut = 0
  package var detection: [MetricValue] = []
  /// From (0, 0) to (1, 1): the share of the clean and of the poisoned above each score.
  package var receiverCurve: [ChartPoint] = []
  package var readings: [ModelAgreement] = []
  package var models: ResultTable?
  package var classAccuracy: ResultTable?
  package var histories: [History] = []
  package var stages: [Stage] = []
  /// The program that made it.
  package var program: String

  package init(title: String, program: String) {
    self.title = title
    self.program = program
  }
}
