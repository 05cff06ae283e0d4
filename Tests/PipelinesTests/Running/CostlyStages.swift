import HDF5
import Pipelines
import Synchronization
import SystemPackage

/// Numbers whose cost is known: an amount for each of them.
enum Costly: Stage {
  static let numbers = InputDeclaration("numbers", ArtifactType("numbers"), count: .any, "Numbers.")
  static let amount = Parameter.integer("amount", in: 0...1_000_000, default: 1, "What is counted.")
  static let memory = Parameter.integer("memory", in: 0...1_000_000, default: 0, "In bytes.")
  static let parallel = Parameter.integer("parallel", in: 0...1, default: 0, "Whether threads help.")
  static let rate = Parameter.integer("rate", in: 0...1000, default: 1, "Assumed seconds; 0 knows none.")
  static let declaration = StageDeclaration(
    kind: "costly", version: 1, summary: "Counts.", inputs: [numbers],
    parameters: [amount.declaration, memory.declaration, parallel.declaration, rate.declaration],
    output: ArtifactType("numbers"))

  /// How often the speed was measured.
  static let measurements = Atomic<Int>(0)

  static func estimate(_ context: EstimateContext) -> StageEstimate {
    var facts = context.allFacts
    facts.numbers["stages"] = 1 + (facts.numbers["stages"] ?? 0)
    let count = facts.numbers["count"] ?? 1
    let isMeasured = context[rate] == 7
    let workload = Workload(
      unit: isMeasured ? "measured" : "numbers", amount: count * Double(context[amount]),
      usesThreads: context[parallel] == 1,
      assumedSeconds: context[rate] == 0 ? nil : Double(context[rate]), measure: isMeasured ? measure : nil)
    return StageEstimate(workload: workload, memory: Double(context[memory]), facts: facts)
  }

  @Sendable private static func measure(threads: Int) -> Double {
    measurements.add(1, ordering: .relaxed)
    return 100 / Double(threads)
  }

  static func run(_ context: StageContext) throws {
    try context.output.root.write([context[amount]], to: "numbers")
  }
}

/// Has nothing to do.
enum Needless: Stage {
  static let declaration = StageDeclaration(
    kind: "needless", version: 1, summary: "Does nothing.", parameters: Costly.declaration.parameters,
    output: ArtifactType("numbers"))

  static func estimate(_ context: EstimateContext) -> StageEstimate { Costly.estimate(context) }

  static func run(_ context: StageContext) throws {
    context.leaveWorkOut()
    try Costly.run(context)
  }
}

/// Saves, and looks at what it has saved.
enum LooksAgain: Stage {
  static let declaration = StageDeclaration(
    kind: "looks-again", version: 1, summary: "Looks twice.", parameters: Costly.declaration.parameters,
    output: ArtifactType("numbers"))

  static func estimate(_ context: EstimateContext) -> StageEstimate { Costly.estimate(context) }

  static func run(_ context: StageContext) throws {
    for number in 0..<2 {
      guard try (context.checkpoints.latest() != nil) == (number > 0) else { throw Defect() }
      try context.checkpoints.save(label: "\(number)") { try $0.root.write([number], to: "number") }
    }
    try Costly.run(context)
  }
}

/// Says of its artifact how many numbers are in it, which nobody knows before.
enum Counted: Stage {
  static let declaration = StageDeclaration(
    kind: "counted", version: 1, summary: "Has so many.", parameters: [Costly.amount.declaration],
    output: ArtifactType("numbers"))

  static func facts(ofArtifactAt path: FilePath) -> ArtifactFacts? {
    guard let file = try? HDF5.File.open(at: path),
      let count = try? file.root.dataset("numbers").shape.first
    else { return nil }
    return ArtifactFacts(numbers: ["count": Double(count)])
  }

  static func run(_ context: StageContext) throws {
    try context.output.root.write([Int](repeating: 1, count: context[Costly.amount]), to: "numbers")
  }
}

/// Waits for others of its kind, and takes as much memory as it says.
enum HungryMeet: Stage {
  static let declaration = StageDeclaration(
    kind: "hungry-meet", version: 1, summary: "Waits.", inputs: [Scale.numbers],
    parameters: Meet.declaration.parameters + [Costly.memory.declaration],
    output: ArtifactType("numbers"))

  static func estimate(_ context: EstimateContext) -> StageEstimate {
    StageEstimate(memory: Double(context[Costly.memory]))
  }

  static func run(_ context: StageContext) throws { try Meet.run(context) }
}
