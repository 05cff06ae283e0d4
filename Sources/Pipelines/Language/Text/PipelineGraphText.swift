/// The stages of a pipeline and what they read, for `winnow graph`.
public struct PipelineGraphText {
  private struct Node {
    let name: String
    /// The name, and of folded copies what they differ in and how many there are.
    let title: String
    let kind: String
    /// In the order of the declaration.
    let inputs: [(name: String, sources: [String])]
  }

  private let name: String
  private let nodes: [Node]

  /// - Parameter folds: Whether the copies of a swept stage are shown as one.
  public init(_ pipeline: Pipeline, folds: Bool = false) {
    name = pipeline.name
    func inputs(
      of stage: PipelineStage, _ label: ([Int]) -> [String]
    ) -> [(name: String, sources: [String])] {
      stage.declaration.inputs.compactMap { input in
        stage.inputs[input.name].map { (input.name, label($0)) }
      }
    }
    guard folds else {
      nodes = pipeline.stages.map { stage in
        Node(
          name: stage.name, title: stage.name, kind: stage.declaration.kind,
          inputs: inputs(of: stage) { $0.map { pipeline.stages[$0].name } })
      }
      return
    }
    let stems = pipeline.stages.map { Self.stem($0.name) }
    let copies = Dictionary(grouping: pipeline.stages.indices, by: { stems[$0] })
    nodes = pipeline.stages.indices.compactMap { index in
      let (stage, stem) = (pipeline.stages[index], stems[index])
      guard copies[stem]?.first == index else { return nil }
      let count = copies[stem]?.count ?? 1
      return Node(
        name: stem, title: Self.title(stage.name, stem, count: count), kind: stage.declaration.kind,
        inputs: inputs(of: stage) { sources in
          var found: [String] = []
          for source in sources where !found.contains(stems[source]) { found.append(stems[source]) }
          return found.map { stem in
            // Of several copies one copy is read, or more than one.
            sources.count { stems[$0] == stem } > 1 ? stem + "[*]" : stem
          }
        })
    }
  }

  /// "evaluation" of "evaluation[loss=ctl,seed=1]".
  private static func stem(_ name: String) -> String { String(name.prefix { $0 != "[" }) }

  /// "evaluation[loss,seed] x6".
  private static func title(_ name: String, _ stem: String, count: Int) -> String {
    guard count > 1 else { return name }
    let variables = name.dropFirst(stem.count + 1).dropLast().split(separator: ",")
      .compactMap { $0.contains("=") ? $0.prefix { $0 != "=" } : nil }
    return "\(stem)[\(variables.joined(separator: ","))] x\(count)"
  }

  /// A line for each stage, in the order in which they can run:
  ///
  ///     train    : load
  ///     poisoned : poison  <- images: train
  public var text: String {
    let titles = nodes.map(\.title.count).max() ?? 0
    let kinds = nodes.map(\.kind.count).max() ?? 0
    return nodes.map { node in
      let start = "\(node.title.rightPadded(to: titles)) : "
      guard !node.inputs.isEmpty else { return start + node.kind }
      let sources = node.inputs.map { "\($0.name): \($0.sources.joined(separator: " "))" }
      return start + node.kind.rightPadded(to: kinds) + "  <- " + sources.joined(separator: ", ")
    }.joined(separator: "\n")
  }

  /// A graph for Graphviz: `winnow graph --dot x.pipeline | dot -Tsvg`.
  public var dot: String {
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
          let isGathered = source.hasSuffix("[*]")
          let start = Self.quoted(isGathered ? String(source.dropLast(3)) : source)
          let label = Self.quoted(isGathered ? input + " [*]" : input)
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
