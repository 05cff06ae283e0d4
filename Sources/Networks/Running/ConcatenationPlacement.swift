/// Where the parts of a plan's concatenations lie: inside the whole, so that nothing is copied, as far as
/// whoever computes and whoever reads them can skip from row to row.
///
/// The whole that holds others is their root. A concatenation whose parts lie side by side in the root of
/// a larger one, as in a dense block, is a view into that root.
struct ConcatenationPlacement {
  /// Where a node lies: `offset` channels into the rows of `root`.
  struct Place: Hashable {
    let root: Int
    let offset: Int
  }

  /// For nodes that lie inside another one.
  private(set) var places: [Int: Place] = [:]
  /// Parts that are copied into their places, by concatenation and position.
  private(set) var copies: [Int: [Int]] = [:]

  private let plan: NetworkPlan
  private let consumers: [[Int]]
  private let tapped: Set<Int>

  init(_ plan: NetworkPlan, consumers: [[Int]]) {
    self.plan = plan
    self.consumers = consumers
    tapped = Set(plan.taps.values)
    // The last concatenation of a block holds those before it.
    for node in plan.entries.indices.reversed()
    where plan.entries[node].operation == .concatenation {
      place(node)
    }
  }

  private mutating func place(_ node: Int) {
    if places[node] == nil, let view = view(of: node) { places[node] = view }
    let base = places[node] ?? Place(root: node, offset: 0)
    var offset = base.offset
    for (position, part) in plan.entries[node].inputs.enumerated() {
      let wanted = Place(root: base.root, offset: offset)
      if places[part] == nil && canBePlaced(part) && isRootless(part) { places[part] = wanted }
      if places[part] != wanted { copies[node, default: []].append(position) }
      offset += plan.entries[part].shape.channels
    }
  }

  /// The place of a concatenation whose parts already lie side by side.
  private func view(of node: Int) -> Place? {
    guard canBePlaced(node) else { return nil }
    let parts = plan.entries[node].inputs
    guard let first = parts.first.flatMap({ places[$0] }) else { return nil }
    var offset = first.offset
    for part in parts {
      guard places[part] == Place(root: first.root, offset: offset) else { return nil }
      offset += plan.entries[part].shape.channels
    }
    return first
  }

  /// Whether nothing lies inside a node yet: what is a root stays one.
  private func isRootless(_ node: Int) -> Bool { !places.values.contains { $0.root == node } }

  private func canBePlaced(_ node: Int) -> Bool {
    !tapped.contains(node) && plan.entries[node].operation.writesRows
      && consumers[node].allSatisfy { plan.entries[$0].operation.readsRows }
  }
}

extension Operation {
  /// Whether the result may lie in rows that are not adjacent.
  fileprivate var writesRows: Bool {
    switch self {
    case .convolution, .concatenation, .maximumPooling, .averagePooling, .adaptiveAveragePooling,
      .upsampling:
      true
    default: false
    }
  }

  /// Whether the input may.
  fileprivate var readsRows: Bool {
    switch self {
    case .concatenation, .batchNormalization, .maximumPooling, .averagePooling,
      .adaptiveAveragePooling, .upsampling:
      true
    default: false
    }
  }
}
