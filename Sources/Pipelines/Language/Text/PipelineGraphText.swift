/// The stages of a pipeline and what they read, for `winnow graph`.
package struct PipelineGraphText {
  private struct Node {
    let name: String
    /// The name, and of folded copies what they differ in and how many there are.
    let title: String
    let kind: String
    /// In the order of the declaration.
    let inputs: [(name: String, sources: [Source])]
  }

  private struct Source {
    let name: String
    /// Whether several copies are read; of a folded stage, one copy may be.
    var isSeveralCopies = false

    var text: String { isSeveralCopies ? name + "[*]" : name }
  }

  private let name: String
  private let nodes: [Node]

  /// - Parameter folds: Whether the copies of a swept stage are shown as one.
  package init(_ pipeline: Pipeline, folds: Bool = false) {
    name = pipeline.name
    nodes = folds ? Self.foldedNodes(of: pipeline) : Self.nodes(of: pipeline)
  }

  private static func nodes(of pipeline: Pipeline) -> [Node] {
    pipeline.stages.map { stage in
      Node(
        name: stage.name, title: stage.name, kind: stage.declaration.kind,
        inputs: inputs(of: stage) { $0.map { Source(name: pipeline.stages[$0].name) } })
    }
  }

  private static func foldedNodes(of pipeline: Pipeline) -> [Node] {
    let stages = pipeline.stages
    let copies = Dictionary(grouping: stages.indices, by: { stages[$0].baseName })
    return stages.indices.compactMap { index in
      let stage = stages[index]
      guard let all = copies[stage.baseName], all.first == index else { return nil }
      return Node(
        name: stage.baseName, title: title(stage, count: all.count), kind: stage.declaration.kind,
        inputs: stage.declaration.inputs.compactMap { input in
          // Which stage is read may be what the copies differ in.
          let read = all.compactMap { stages[$0].inputs[input.name]?.map { stages[$0].baseName } }
          return read.isEmpty ? nil : (input.name, Self.sources(read))
        })
    }
  }

  /// - Parameter read: what each copy reads, without what tells the copies of those stages apart.
  private static func sources(_ read: [[String]]) -> [Source] {
    var found: [Source] = []
    for names in read {
      for name in names where !found.contains(where: { $0.name == name }) { found.append(Source(name: name)) }
    }
    for place in found.indices {
      found[place].isSeveralCopies = read.contains { $0.count { $0 == found[place].name } > 1 }
    }
    return found
  }

  private static func inputs(
    of stage: PipelineStage, _ sources: ([Int]) -> [Source]
  ) -> [(name: String, sources: [Source])] {
    stage.declaration.inputs.compactMap { input in
      stage.inputs[input.name].map { (input.name, sources($0)) }
    }
  }

  /// "evaluation[loss,seed] x6" of several copies; of a single one its name.
  private static func title(_ stage: PipelineStage, count: Int) -> String {
    guard count > 1 else { return stage.name }
    let variables = stage.choices.map(\.variable).joined(separator: ",")
    return "\(stage.baseName)[\(variables)] x\(count)"
  }

  /// A line for each stage, in the order in which they can run:
  ///
  ///     train    : load
  ///     poisoned : poison  <- images: train
  package var text: String {
    let titles = nodes.map(\.title.count).max() ?? 0
    let kinds = nodes.map(\.kind.count).max() ?? 0
    return nodes.map { node in
      let start = "\(node.title.rightPadded(to: titles)) : "
      guard !node.inputs.isEmpty else { return start + node.kind }
      let sources = node.inputs.map { "\($0.name): \($0.sources.map(\.text).joined(separator: " "))" }
      return start + node.kind.rightPadded(to: kinds) + "  <- " + sources.joined(separator: ", ")
    }.joined(separator: "\n")
  }

  /// A graph for Graphviz: `winnow graph --dot x.pipeline | dot -Tsvg`.
  package var dot: String {
    var lines = [
      "digraph \(Self.quoted(name)) {", "  rankdir = LR", "  node [shape = box]",
    ]
    for node in nodes {
      let label = "\(node.title)\n\(node.kind)"
      lines.append("  \(Self.quoted(node.name)) [label = \(Self.quoted(label))]")
    }
    for node in nodes {
      for (input, sources) in node.inputs {
        for source in sources {
          let start = Self.quoted(source.name)
          let label = Self.quoted(source.isSeveralCopies ? input + " [*]" : input)
          lines.append("  \(start) -> \(Self.quoted(node.name)) [label = \(label)]")
        }
      }
    }
    return (lines + ["}"]).joined(separator: "\n")
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
