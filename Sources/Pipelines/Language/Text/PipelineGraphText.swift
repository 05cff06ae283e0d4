/// The stages of a pipeline and what they read, for `winnow graph`.
public struct PipelineGraphText {
  private let pipeline: Pipeline

  public init(_ pipeline: Pipeline) { self.pipeline = pipeline }

  /// A line for each stage, in the order in which they can run:
  ///
  ///     train    : load
  ///     poisoned : poison  <- images: train
  public var text: String {
    let names = (pipeline.stages.map(\.name.count).max() ?? 0)
    let kinds = (pipeline.stages.map { $0.declaration.kind.count }.max() ?? 0)
    return pipeline.stages.map { stage in
      let start = "\(stage.name.rightPadded(to: names)) : "
      let inputs = connectedInputs(of: stage)
      guard !inputs.isEmpty else { return start + stage.declaration.kind }
      let sources = inputs.map { name, sources in
        "\(name): \(sources.map { pipeline.stages[$0].name }.joined(separator: " "))"
      }
      return start + stage.declaration.kind.rightPadded(to: kinds) + "  <- "
        + sources.joined(separator: ", ")
    }.joined(separator: "\n")
  }

  /// A graph for Graphviz: `winnow graph --dot x.pipeline | dot -Tsvg`.
  public var dot: String {
    var lines = [
      "digraph \(Self.quoted(pipeline.name)) {", "  rankdir = LR", "  node [shape = box]",
    ]
    for stage in pipeline.stages {
      let label = "\(stage.name)\n\(stage.declaration.kind)"
      lines.append("  \(Self.quoted(stage.name)) [label = \(Self.quoted(label))]")
    }
    for stage in pipeline.stages {
      for (input, sources) in connectedInputs(of: stage) {
        for source in sources {
          let ends = "\(Self.quoted(pipeline.stages[source].name)) -> \(Self.quoted(stage.name))"
          lines.append("  \(ends) [label = \(Self.quoted(input))]")
        }
      }
    }
    return (lines + ["}"]).joined(separator: "\n")
  }

  /// In the order of the declaration.
  private func connectedInputs(of stage: PipelineStage) -> [(name: String, sources: [Int])] {
    stage.declaration.inputs.compactMap { input in
      stage.inputs[input.name].map { (input.name, $0) }
    }
  }

  private static func quoted(_ text: String) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case "\"", "\\": escaped += "\\\(character)"
      case "\n": escaped += "\\n"
      default: escaped.append(character)
      }
    }
    return "\"\(escaped)\""
  }
}

extension String {
  fileprivate func rightPadded(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }
}
