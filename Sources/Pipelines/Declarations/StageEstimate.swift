import SystemPackage

/// What a stage is expected to take, and what is known beforehand of the artifact that it makes.
package struct StageEstimate: Sendable {
  /// `nil` where the stage cannot tell.
  package var workload: Workload?
  /// The memory that it needs, in bytes, the program itself aside; `nil` where the stage cannot tell.
  package var memory: Double?
  /// What the stages that read its artifact may want to know.
  package var facts: ArtifactFacts

  package init(workload: Workload? = nil, memory: Double? = nil, facts: ArtifactFacts = ArtifactFacts()) {
    self.workload = workload
    self.memory = memory
    self.facts = facts
  }
}

/// How much a stage computes: an amount that its time is in proportion to.
package struct Workload: Sendable {
  /// What is counted. Stages whose amounts are in one unit take the same time for the same amount.
  package let unit: String
  package let amount: Double
  /// Whether threads divide it among themselves: see `ThreadScaling`.
  package let usesThreads: Bool
  /// How long an amount of 1 takes with one thread, in seconds, on another machine: what is taken where nothing
  /// was measured; `nil` where nobody knows.
  package let assumedSeconds: Double?
  /// Measures how long an amount of 1 takes with so many threads, in seconds; takes a moment.
  package let measure: (@Sendable (_ threads: Int) -> Double)?

  package init(
    unit: String, amount: Double, usesThreads: Bool, assumedSeconds: Double? = nil,
    measure: (@Sendable (_ threads: Int) -> Double)? = nil
  ) {
    self.unit = unit
    self.amount = amount
    self.usesThreads = usesThreads
    self.assumedSeconds = assumedSeconds
    self.measure = measure
  }
}

/// What is known of an artifact before it is made or read: numbers and words under names that the stages
/// agree upon.
package struct ArtifactFacts: Hashable, Sendable {
  package var numbers: [String: Double]
  package var words: [String: String]

  package init(numbers: [String: Double] = [:], words: [String: String] = [:]) {
    self.numbers = numbers
    self.words = words
  }

  /// Both; where they differ, those of this one.
  package func filled(from other: ArtifactFacts) -> ArtifactFacts {
    ArtifactFacts(
      numbers: numbers.merging(other.numbers) { own, _ in own },
      words: words.merging(other.words) { own, _ in own })
  }
}

/// What a stage may look at to estimate its cost.
package struct EstimateContext {
  /// The checked parameters, defaults included.
  package let parameters: [String: ParameterValue]
  /// What is known of the artifacts of each input that is connected, in the order of the manifest.
  package let inputs: [String: [ArtifactFacts]]
  let directory: FilePath

  package subscript<Value>(_ parameter: Parameter<Value>) -> Value {
    parameter.value(in: parameters)
  }

  /// What is known of an input's artifact, the first one where there are several.
  package subscript(_ input: InputDeclaration) -> ArtifactFacts {
    inputs[input.name]?.first ?? ArtifactFacts()
  }

  package func isConnected(_ input: InputDeclaration) -> Bool { inputs[input.name]?.isEmpty == false }

  /// The outside file or folder that a path parameter names.
  package func path(_ parameter: Parameter<String>) -> FilePath {
    directory.pushing(FilePath(self[parameter]))
  }

  /// What is known of all inputs together; where they differ, those with the lesser names count.
  package var allFacts: ArtifactFacts {
    inputs.sorted { $0.key < $1.key }.flatMap(\.value)
      .reduce(ArtifactFacts()) { $0.filled(from: $1) }
  }
}
