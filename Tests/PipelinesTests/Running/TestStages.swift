import HDF5
import Pipelines
import SystemPackage

/// Reads a file's bytes as numbers.
enum Source: Stage {
  static let file = Parameter.path("path", "A file.")
  static let declaration = StageDeclaration(
    kind: "source", version: 1, summary: "Reads numbers.", parameters: [file.declaration],
    output: ArtifactType("numbers"))

  static func run(_ context: StageContext) throws {
    let path = context.path(file)
    let descriptor = try FileDescriptor.open(path, .readOnly)
    defer { try? descriptor.close() }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = try bytes.withUnsafeMutableBytes { try descriptor.read(into: $0) }
    try context.output.root.write(bytes.prefix(count).map(Int.init), to: "numbers")
  }
}

/// Every number times a factor.
enum Scale: Stage {
  static let numbers = InputDeclaration("numbers", ArtifactType("numbers"), count: .one, "Numbers.")
  static let factor = Parameter.integer("factor", in: 0...100, default: 2, "A factor.")
  static let declaration = StageDeclaration(
    kind: "scale", version: 1, summary: "Multiplies.", inputs: [numbers],
    parameters: [factor.declaration], output: ArtifactType("numbers"))

  static func run(_ context: StageContext) throws {
    let values: [Int] = try context.open(numbers).root.read("numbers")
    try context.output.root.write(values.map { $0 * context[factor] }, to: "numbers")
    context.note("scaled \(values.count) numbers")
  }
}

/// The same kind after its code has changed.
enum ScaleVersion2: Stage {
  static let declaration = StageDeclaration(
    kind: "scale", version: 2, summary: "Multiplies.", inputs: [Scale.numbers],
    parameters: [Scale.factor.declaration], output: ArtifactType("numbers"))

  static func run(_ context: StageContext) throws { try Scale.run(context) }
}

/// Whether there is a number above a limit: content that often stays the same when its input changes.
enum Exceeds: Stage {
  static let limit = Parameter.integer("limit", in: 0...1000, default: 100, "A limit.")
  static let declaration = StageDeclaration(
    kind: "exceeds", version: 1, summary: "Compares.", inputs: [Scale.numbers],
    parameters: [limit.declaration], output: ArtifactType("numbers"))

  static func run(_ context: StageContext) throws {
    let values: [Int] = try context.open(Scale.numbers).root.read("numbers")
    let answer = values.contains { $0 > context[limit] }
    try context.output.root.write([answer ? 1 : 0], to: "numbers")
  }
}

/// The sum over several artifacts.
enum Total: Stage {
  static let parts = InputDeclaration("parts", ArtifactType("numbers"), count: .many, "Numbers.")
  static let declaration = StageDeclaration(
    kind: "total", version: 1, summary: "Adds.", inputs: [parts], output: ArtifactType("numbers"))

  static func run(_ context: StageContext) throws {
    var sum = 0
    for part in try context.openAll(parts) {
      let values: [Int] = try part.file.root.read("numbers")
      sum += values.reduce(0, +)
    }
    try context.output.root.write([sum], to: "numbers")
    context.note("the sum is \(sum)")
  }
}

/// Says what it reads from: a line for each artifact.
enum Roll: Stage {
  static let declaration = StageDeclaration(
    kind: "roll", version: 1, summary: "Lists.", inputs: [Total.parts], output: ArtifactType("roll"))

  static func run(_ context: StageContext) throws {
    let lines = try context.openAll(Total.parts).map { part in
      ([part.name, part.baseName] + part.choices.flatMap { [$0.variable, $0.value] }).joined(separator: " ")
    }
    try context.output.root.write(lines, to: "lines")
  }
}

struct Defect: Error, CustomStringConvertible {
  var description: String { "the number 13 is not allowed" }
}

/// Fails when there is a 13.
enum Superstitious: Stage {
  static let declaration = StageDeclaration(
    kind: "superstitious", version: 1, summary: "Fails at 13.", inputs: [Scale.numbers],
    output: ArtifactType("numbers"))

  static func run(_ context: StageContext) throws {
    let values: [Int] = try context.open(Scale.numbers).root.read("numbers")
    try context.output.root.write(values, to: "numbers")
    if values.contains(13) { throw Defect() }
  }
}

/// A long computation, one step after the other, that saves its state at each.
enum Walk: Stage {
  static let steps = Parameter.integer("steps", in: 1...1000, default: 10, "Steps.")
  static let declaration = StageDeclaration(
    kind: "walk", version: 1, summary: "Walks.", inputs: [Scale.numbers],
    parameters: [steps.declaration], output: ArtifactType("numbers"))

  static func run(_ context: StageContext) throws {
    var values: [Int] = try context.open(Scale.numbers).root.read("numbers")
    var step = 0
    if let saved = try context.checkpoints.latest() {
      values = try saved.root.read("values")
      step = try saved.root.readScalar("step")
    }
    while step < context[steps] {
      values = values.map { ($0 &* 31 &+ step) % 1009 }
      step += 1
      context.report(StageProgress(done: step, total: context[steps], label: "step \(step)"))
      if context.checkpoints.isDue || context.shouldStop {
        try context.checkpoints.save(label: "step \(step) of \(context[steps])") { file in
          try file.root.write(values, to: "values")
          try file.root.write(step, to: "step")
        }
      }
      if context.shouldStop { throw StageInterrupted() }
    }
    try context.output.root.write(values, to: "numbers")
  }
}
