/// How a plan is run: which nodes are computed together, and where their results lie. Sizes only, no
/// memory.
struct NetworkLayout {
  /// What one layer computes.
  struct LayerPlan {
    let kind: Kind
    /// The nodes it computes, in the plan's order.
    let nodes: [Int]
    /// Values it reads.
    let inputs: [Int]
    /// The value it computes.
    let output: Int
  }

  enum Kind: Hashable {
    case convolution(node: Int, normalization: Int?, rectifies: Bool)
    case normalization(node: Int, rectifies: Bool)
    case linear(node: Int, rectifies: Bool)
    case sum(rectifies: Bool)
    /// One node alone.
    case single(node: Int)
    /// Into a concatenation.
    case copy
  }

  /// A result that lies in memory: of a node, or a copy of one.
  struct Value {
    let shape: MapShape
    /// The value whose memory it lies in, itself unless it is part of a concatenation.
    let root: Int
    /// Channels into the root's rows.
    let offset: Int
  }

  let plan: NetworkPlan
  /// In the order in which they run.
  private(set) var layers: [LayerPlan] = []
  /// By the index of their node; copies have indices behind the plan's.
  private(set) var values: [Int: Value] = [:]
  /// The layer that computes a value; none for the input, and for a concatenation.
  private(set) var producers: [Int: Int] = [:]
  /// Values that lie where another will be: a shortcut's result, which nothing reads once it is in the sum.
  private(set) var overwritten: [Int: Int] = [:]

  init(_ plan: NetworkPlan) {
    self.plan = plan
    var consumers = [[Int]](repeating: [], count: plan.entries.count)
    for (node, entry) in plan.entries.enumerated() {
      for input in entry.inputs { consumers[input].append(node) }
    }
    let placement = ConcatenationPlacement(plan, consumers: consumers)
    values[0] = Value(shape: plan.entries[0].shape, root: 0, offset: 0)
    var isTaken = [Bool](repeating: false, count: plan.entries.count)
    var found: [(order: Int, layer: LayerPlan)] = []
    for node in 1..<plan.entries.count where !isTaken[node] {
      let entry = plan.entries[node]
      if entry.operation == .concatenation {
        addConcatenation(node, placement, to: &found)
        continue
      }
      let group = fused(from: node, consumers: consumers, isTaken: isTaken, placement: placement)
      for member in group.nodes { isTaken[member] = true }
      addValue(group.output, placement)
      found.append((group.output, group))
    }
    // A layer runs when the last of its nodes does: the other summand of a fused sum is there by then.
    layers = found.sorted { $0.order < $1.order }.map(\.layer)
    for (index, layer) in layers.enumerated() { producers[layer.output] = index }
    for layer in layers.reversed() where layer.inputs.count == 2 && isSummedInPlace(layer, consumers) {
      overwritten[layer.inputs[1]] = overwritten[layer.output] ?? layer.output
    }
  }

  /// Whether the other summand of a convolution may lie where the sum will be: a convolution's result that
  /// nobody else reads, its own backward pass included.
  private func isSummedInPlace(_ layer: LayerPlan, _ consumers: [[Int]]) -> Bool {
    let summand = layer.inputs[1]
    guard case .convolution = layer.kind, let producer = producers[summand],
      case .convolution(_, _, rectifies: false) = layers[producer].kind
    else { return false }
    return consumers[summand].count == 1 && !plan.taps.values.contains(summand)
      && values[summand]?.root == summand && values[layer.output]?.root == layer.output
  }

  private mutating func addValue(_ node: Int, _ placement: ConcatenationPlacement) {
    let place = placement.places[node]
    values[node] = Value(
      shape: plan.entries[node].shape, root: place?.root ?? node, offset: place?.offset ?? 0)
  }

  private mutating func addConcatenation(
    _ node: Int, _ placement: ConcatenationPlacement,
    to found: inout [(order: Int, layer: LayerPlan)]
  ) {
    addValue(node, placement)
    let base = placement.places[node] ?? .init(root: node, offset: 0)
    var offset = base.offset
    for (position, part) in plan.entries[node].inputs.enumerated() {
      let shape = plan.entries[part].shape
      if placement.copies[node]?.contains(position) == true {
        let copy = plan.entries.count + values.count
        values[copy] = Value(shape: shape, root: base.root, offset: offset)
        found.append((node, LayerPlan(kind: .copy, nodes: [], inputs: [part], output: copy)))
      }
      offset += shape.channels
    }
  }

  /// The nodes from `first` on that are computed together: each is the only one to read the one before.
  private func fused(
    from first: Int, consumers: [[Int]], isTaken: [Bool], placement: ConcatenationPlacement
  ) -> LayerPlan {
    let tapped = Set(plan.taps.values)
    var nodes = [first]
    var inputs = plan.entries[first].inputs
    func next(_ matches: (Operation) -> Bool) -> Int? {
      let last = nodes[nodes.count - 1]
      guard !tapped.contains(last), placement.places[last] == nil, consumers[last].count == 1 else {
        return nil
      }
      let node = consumers[last][0]
      return !isTaken[node] && matches(plan.entries[node].operation) ? node : nil
    }
    func takeRectifier() -> Bool {
      guard let node = next({ $0 == .rectifier }) else { return false }
      nodes.append(node)
      return true
    }
    let kind: Kind
    switch plan.entries[first].operation {
    case .convolution:
      let normalization = next { $0 == .batchNormalization }
      if let normalization { nodes.append(normalization) }
      if let sum = next({ $0 == .sum }) {
        let summands = plan.entries[sum].inputs
        let other = summands[0] == nodes[nodes.count - 1] ? summands[1] : summands[0]
        inputs.append(other)
        nodes.append(sum)
      }
      kind = .convolution(node: first, normalization: normalization, rectifies: takeRectifier())
    case .batchNormalization: kind = .normalization(node: first, rectifies: takeRectifier())
    case .linear: kind = .linear(node: first, rectifies: takeRectifier())
    case .sum: kind = .sum(rectifies: takeRectifier())
    default: kind = .single(node: first)
    }
    return LayerPlan(kind: kind, nodes: nodes, inputs: inputs, output: nodes[nodes.count - 1])
  }
}

extension NetworkLayout {
  /// The values that lie in a root's memory and have no others inside them, by their channels: what the
  /// gradient of a whole is complete with.
  func leaves(of root: Int) -> [Int] {
    values.filter { id, value in
      value.root == root && !(id < plan.entries.count && plan.entries[id].operation == .concatenation)
    }
    .map(\.key).sorted { (values[$0]?.offset ?? 0, $0) < (values[$1]?.offset ?? 0, $1) }
  }

  /// The leaves that a value consists of.
  func leaves(in id: Int) -> [Int] {
    guard let value = values[id] else { return [] }
    let range = value.offset..<(value.offset + value.shape.channels)
    return leaves(of: value.root).filter { range.contains(values[$0]?.offset ?? -1) }
  }
}

extension NetworkLayout {
  /// Whether the gradient of an input may take the memory of the output's, which grows where it must.
  func canShareGradient(ofInput index: Int, of layer: LayerPlan) -> Bool {
    switch layer.kind {
    // The other summand's is the one behind the rectifier. With normalisation the output's gradient is
    // used up before the input's is computed.
    case .convolution(_, let normalization, _):
      index == 1 || layer.inputs.count == 1 && normalization != nil
    case .normalization, .sum: index == 0
    case .linear, .copy: false
    case .single(let node):
      switch plan.entries[node].operation {
      case .rectifier, .sigmoid, .dropout, .scaling, .unitLength: true
      default: false
      }
    }
  }

  /// Whether a layer has parameters.
  func hasParameters(_ layer: LayerPlan) -> Bool {
    switch layer.kind {
    case .convolution, .normalization, .linear: true
    case .sum, .copy, .single: false
    }
  }
}
