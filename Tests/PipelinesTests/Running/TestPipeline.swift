import Pipelines

/// Puts together checked pipelines without a manifest.
struct TestPipeline {
  var name = "test"
  var text = "# a manifest"
  private(set) var stages: [PipelineStage] = []

  /// Adds a stage; parameters that are not given have their defaults.
  mutating func add(
    _ name: String, _ kind: any Stage.Type, _ parameters: [String: ParameterValue] = [:],
    _ inputs: [String: [String]] = [:], choices: [SweepChoice] = []
  ) {
    var all = parameters
    for declaration in kind.declaration.parameters where all[declaration.name] == nil {
      all[declaration.name] = declaration.defaultValue
    }
    stages.append(
      PipelineStage(
        baseName: name, choices: choices, kind: kind, parameters: all,
        inputs: inputs.mapValues { $0.compactMap { name in stages.firstIndex { $0.name == name } } },
        location: SourceLocation(file: "test.pipeline", line: stages.count + 1, column: 1)))
  }

  /// Adds a stage of very many, which reads from one by its place.
  mutating func add(
    number: Int, _ kind: any Stage.Type, _ parameters: [String: ParameterValue], source: Int
  ) {
    stages.append(
      PipelineStage(
        baseName: "stage\(number)", kind: kind, parameters: parameters, inputs: ["numbers": [source]],
        location: SourceLocation(file: "test.pipeline", line: number + 1, column: 1)))
  }

  var checked: Pipeline {
    Pipeline(name: name, manifest: "\(name).pipeline", text: text, stages: stages)
  }
}

extension Pipeline {
  /// source → scaled → large → total, where total reads scaled as well.
  static func standard(
    name: String = "test", factor: Int = 2, limit: Int = 100, path: String = "data",
    scale: any Stage.Type = Scale.self, scaled: String = "scaled", text: String = "# a manifest"
  ) -> Pipeline {
    var pipeline = TestPipeline(name: name, text: text)
    pipeline.add("source", Source.self, ["path": .path(path)])
    pipeline.add(scaled, scale, ["factor": .integer(factor)], ["numbers": ["source"]])
    pipeline.add("large", Exceeds.self, ["limit": .integer(limit)], ["numbers": [scaled]])
    pipeline.add("total", Total.self, [:], ["parts": ["source", "large"]])
    return pipeline.checked
  }
}
