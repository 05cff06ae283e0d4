import Compute

/// Which memory the values of a network take.
///
/// For training each has its own. For inference the value of a map is not needed once the last layer that reads
/// it has run, and the next one takes its memory: a residual network has three maps at a time, however deep it
/// is. The input, what is kept for its tap, and vectors have their own.
struct ValuePlan {
  enum Memory: Hashable {
    case own(Int)
    case slot(Int)
  }

  /// By the values' roots.
  private(set) var memory: [Int: Memory] = [:]
  /// Numbers of an image in each slot.
  var slotSizes: [Int] { slots.sizes }

  private let layout: NetworkLayout
  private var slots = MemorySlots()

  /// - Parameter taps: what is kept for inference.
  init(_ layout: NetworkLayout, for use: NetworkUse, keeping taps: Set<Tap> = NetworkUse.usualTaps) {
    self.layout = layout
    let tapped = Set(taps.compactMap { layout.plan.taps[$0] }.map { layout.memoryRoot(of: $0) })
    for (id, value) in layout.values where value.root == id && layout.overwritten[id] == nil {
      if use == .training || id == 0 || tapped.contains(id) || value.shape.pixels == 1 {
        memory[id] = .own(value.shape.count)
      }
    }
    if use == .inference { shareMaps() }
    for (id, sum) in layout.overwritten { memory[id] = memory[sum] }
  }

  private mutating func shareMaps() {
    var lastUses: [Int: Int] = [:]
    for (index, layer) in layout.layers.enumerated() {
      for id in layer.inputs + [layer.output] { lastUses[layout.memoryRoot(of: id)] = index }
    }
    for (index, layer) in layout.layers.enumerated() {
      let output = layout.memoryRoot(of: layer.output)
      if memory[output] == nil {
        memory[output] = .slot(slots.take(layout.values[output]?.shape.count ?? 0))
      }
      for root in Set((layer.inputs + [layer.output]).map { layout.memoryRoot(of: $0) })
      where lastUses[root] == index {
        if case .slot(let slot) = memory[root] { slots.release(slot) }
      }
    }
  }

  /// Whether a value is still there when all layers have run.
  func keeps(_ id: Int) -> Bool {
    if case .own = memory[layout.memoryRoot(of: id)] { true } else { false }
  }

  /// Numbers of an image in all memory.
  var count: Int {
    let own = Set(memory.keys.map { layout.memoryRoot(of: $0) }).reduce(0) { sum, root in
      if case .own(let count) = memory[root] { sum + count } else { sum }
    }
    return own + slotSizes.reduce(0, +)
  }
}

extension ValuePlan {
  /// The memory of each root, for so many images.
  func allocate(capacity: Int) -> [Int: FloatBuffer] {
    let shared = slotSizes.map { FloatBuffer(count: capacity * $0) }
    var buffers: [Int: FloatBuffer] = [:]
    for (root, place) in memory.sorted(by: { $0.key < $1.key }) where layout.overwritten[root] == nil {
      switch place {
      case .own(let count): buffers[root] = FloatBuffer(count: capacity * count)
      case .slot(let slot): buffers[root] = shared[slot]
      }
    }
    for (root, sum) in layout.overwritten { buffers[root] = buffers[sum] }
    return buffers
  }
}

extension NetworkLayout {
  /// The root in whose memory a value lies: of one that is overwritten by a sum, that of the sum.
  func memoryRoot(of id: Int) -> Int {
    let root = values[id]?.root ?? id
    return overwritten[root] ?? root
  }
}
