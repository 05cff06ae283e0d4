/// What a backward pass from some taps does, and which memory the gradients take. Sizes only, no memory.
///
/// Gradients live in slots. A slot is given back when nothing needs what is in it any more, and the gradient
/// of an input may take over its output's, so that a residual network needs two, however deep it is.
struct GradientPlan {
  /// Where a gradient lies.
  enum Memory: Hashable {
    case slot(Int)
    /// The gradient that the caller gave at a tap.
    case tap(Tap)
  }

  /// A value's gradient.
  struct Place {
    let memory: Memory
    /// Channels into its rows.
    let offset: Int
    let shape: MapShape
    /// From row to row.
    let stride: Int
  }

  enum Action {
    /// A layer's backward pass.
    case layer(Int, output: Place, inputs: [Target?], needsParameters: Bool)
    /// Zeros where no gradient arrives.
    case clear(Place)
    /// The gradient that was given at a tap is added to what has arrived.
    case add(Tap, to: Place)
  }

  struct Target {
    let place: Place
    let accumulates: Bool
    let isShared: Bool
  }

  private(set) var actions: [Action] = []
  /// Numbers of an image in each slot.
  var slotSizes: [Int] { slots.sizes }
  /// Layers whose parameters get gradients.
  private(set) var trainedLayers: [Int] = []
  /// Where the gradient of the network's input is at the end, if it was asked for.
  private(set) var inputPlace: Place?

  private let layout: NetworkLayout
  private var slots = MemorySlots()
  /// The memory of a root's gradient while there is one.
  private var memory: [Int: Memory] = [:]
  /// Leaves whose gradient has begun.
  private var begun: Set<Int> = []

  /// - Parameter isTrained: whether a layer has parameters that are trained.
  init(
    _ layout: NetworkLayout, from taps: Set<Tap>, toInput: Bool,
    isTrained: (_ layer: Int) -> Bool
  ) {
    self.layout = layout
    let wanted = Self.wantedValues(layout, toInput: toInput, isTrained: isTrained)
    let reached = Self.reachedValues(layout, from: taps)
    var tapsAt: [Int: [Tap]] = [:]
    for tap in taps.sorted(by: { $0.rawValue < $1.rawValue }) {
      if let node = layout.plan.taps[tap] { tapsAt[node, default: []].append(tap) }
    }
    for index in layout.layers.indices.reversed() {
      let layer = layout.layers[index]
      guard reached.contains(layer.output), wanted.contains(layer.output) else { continue }
      for tap in tapsAt[layer.output] ?? [] { begin(layer.output, at: tap) }
      complete(layer.output)
      guard let output = place(of: layer.output) else { continue }
      var inputs: [Target?] = []
      for (position, input) in layer.inputs.enumerated() {
        inputs.append(
          wanted.contains(input)
            ? target(
              input,
              takingOver: layout.canShareGradient(ofInput: position, of: layer) ? layer.output : nil)
            : nil)
      }
      let needsParameters = isTrained(index)
      if needsParameters { trainedLayers.append(index) }
      actions.append(
        .layer(index, output: output, inputs: inputs, needsParameters: needsParameters))
      release(after: index, wanted: wanted, reached: reached)
    }
    if toInput {
      for tap in tapsAt[0] ?? [] { begin(0, at: tap) }
      complete(0)
      inputPlace = place(of: 0)
    }
  }

  /// Values whose gradient anything before or at them asks for.
  private static func wantedValues(
    _ layout: NetworkLayout, toInput: Bool, isTrained: (Int) -> Bool
  ) -> Set<Int> {
    var wanted: Set<Int> = toInput ? [0] : []
    for (index, layer) in layout.layers.enumerated() {
      let isWanted = isTrained(index) || layer.inputs.contains { wanted.contains($0) }
      if isWanted { wanted.insert(layer.output) }
      // A concatenation is wanted when a part of it is.
      for root in layout.concatenations(holding: layer.output) where isWanted { wanted.insert(root) }
    }
    return wanted
  }

  /// Values that the taps depend on.
  private static func reachedValues(_ layout: NetworkLayout, from taps: Set<Tap>) -> Set<Int> {
    var reached = Set(taps.compactMap { layout.plan.taps[$0] })
    for value in Array(reached) { reached.formUnion(layout.leaves(in: value)) }
    for layer in layout.layers.reversed() where reached.contains(layer.output) {
      for input in layer.inputs {
        reached.insert(input)
        reached.formUnion(layout.leaves(in: input))
      }
    }
    return reached
  }

  // MARK: Memory

  private func place(of id: Int) -> Place? {
    guard let value = layout.values[id], let memory = memory[value.root],
      let root = layout.values[value.root]
    else { return nil }
    return Place(
      memory: memory, offset: value.offset, shape: value.shape, stride: root.shape.channels)
  }

  /// Makes sure that a value's root has memory, that of `other` if that may be.
  private mutating func takeMemory(for id: Int, takingOver other: Int?) -> Bool {
    guard let value = layout.values[id], memory[value.root] == nil else { return false }
    if let other, value.root == id, let source = layout.values[other], source.root == other,
      let given = memory[other], hasRoom(given, for: value.shape.count, from: source.shape.count)
    {
      memory[id] = given
      memory[other] = nil
      return true
    }
    guard let root = layout.values[value.root] else { return false }
    memory[value.root] = .slot(slots.take(root.shape.count))
    return false
  }

  /// Whether memory with `size` numbers can hold `count`: slots grow.
  private mutating func hasRoom(_ memory: Memory, for count: Int, from size: Int) -> Bool {
    guard case .slot(let slot) = memory else { return count <= size }
    slots.grow(slot, to: count)
    return true
  }

  /// Takes in the gradient that was given at a tap.
  private mutating func begin(_ id: Int, at tap: Tap) {
    guard let value = layout.values[id] else { return }
    if value.root == id, memory[id] == nil {
      memory[id] = .tap(tap)
      begun.formUnion(layout.leaves(in: id))
    } else if let place = place(of: id) {
      complete(id)
      actions.append(.add(tap, to: place))
    }
  }

  /// Where a layer puts the gradient of an input.
  private mutating func target(_ id: Int, takingOver output: Int?) -> Target? {
    let isShared = takeMemory(for: id, takingOver: output)
    let leaves = layout.leaves(in: id)
    let accumulates = leaves.contains { begun.contains($0) }
    if accumulates { complete(id) }
    begun.formUnion(leaves)
    return place(of: id).map { Target(place: $0, accumulates: accumulates, isShared: isShared) }
  }

  /// Puts zeros where no gradient of a part of the value has arrived.
  private mutating func complete(_ id: Int) {
    guard let value = layout.values[id], memory[value.root] != nil else { return }
    for leaf in layout.leaves(in: id) where begun.insert(leaf).inserted {
      if let place = place(of: leaf) { actions.append(.clear(place)) }
    }
  }

  /// Gives memory back that no layer before `index` has to do with.
  private mutating func release(after index: Int, wanted: Set<Int>, reached: Set<Int>) {
    let root = layout.values[layout.layers[index].output]?.root ?? 0
    let isNeeded = layout.leaves(of: root).contains { leaf in
      (layout.producers[leaf] ?? -1) < index && wanted.contains(leaf) && reached.contains(leaf)
    }
    if isNeeded { return }
    if case .slot(let slot) = memory[root] { slots.release(slot) }
    memory[root] = nil
  }
}

extension NetworkLayout {
  /// The concatenations that a value is a part of.
  func concatenations(holding id: Int) -> [Int] {
    guard let value = values[id] else { return [] }
    return values.filter { other, whole in
      other != id && other < plan.entries.count && plan.entries[other].operation == .concatenation
        && whole.root == value.root && whole.offset <= value.offset
        && value.offset < whole.offset + whole.shape.channels
    }.map(\.key)
  }
}
