/// What a network computes: shapes and names only, no memory.
///
/// A plan is written node by node; each method adds one and returns it:
///
///     var plan = NetworkPlan(input: MapShape(height: 32, width: 32, channels: 3))
///     var x = plan.convolution(plan.input, "conv1", outputs: 64, kernel: 3, padding: 1)
///     x = plan.rectifier(plan.batchNormalization(x, "bn1"))
///     x = plan.adaptiveAveragePooling(x, height: 1, width: 1)
///     plan.tap(.features, x)
///     plan.tap(.logits, plan.linear(x, "fc", outputs: 10))
///
/// Parameters stand in the order of their nodes, under their nodes' names: PyTorch's order and names when
/// the plan is written in the order of the module's constructor. `Network` allocates for a plan and runs it.
package struct NetworkPlan: Hashable, Sendable {
  /// A node, by its place in the plan.
  package struct Node: Hashable, Sendable {
    let index: Int
  }

  /// A node with what it is given.
  package struct Entry: Hashable, Sendable {
    package let operation: Operation
    /// Places of the nodes whose results it takes.
    package let inputs: [Int]
    /// Of the result.
    package let shape: MapShape
    /// Of the parameters; empty for those that have none.
    package let name: String
  }

  /// In an order in which they can be computed; the first is the input.
  package private(set) var entries: [Entry]
  private(set) var taps: [Tap: Int] = [:]

  package init(input shape: MapShape) {
    entries = [Entry(operation: .input, inputs: [], shape: shape, name: "")]
  }

  /// The images, normalised.
  package var input: Node { Node(index: 0) }

  package func shape(of node: Node) -> MapShape { entries[node.index].shape }

  /// The shape at a tap; `nil` where the plan has no such tap.
  package func shape(at tap: Tap) -> MapShape? { taps[tap].map { entries[$0].shape } }

  /// The place of the node at a tap; `nil` where the plan has no such tap.
  package func index(of tap: Tap) -> Int? { taps[tap] }

  /// Names a node, so that its numbers can be read and a loss be measured there.
  package mutating func tap(_ tap: Tap, _ node: Node) {
    precondition(taps[tap] == nil, "a plan has one tap of a name")
    taps[tap] = node.index
  }

  mutating func add(
    _ operation: Operation, _ inputs: [Node], shape: MapShape, name: String = ""
  ) -> Node {
    precondition(shape.height > 0 && shape.width > 0 && shape.channels > 0, "\(name) gives nothing")
    entries.append(Entry(operation: operation, inputs: inputs.map(\.index), shape: shape, name: name))
    return Node(index: entries.count - 1)
  }
}

extension NetworkPlan {
  /// - Parameters:
  ///   - name: the parameters are `name.weight` `[outputs, inputs, kernel, kernel]` and `name.bias`
  ///     `[outputs]`.
  ///   - weight: normal with variance 2 / (kernel² · outputs) unless given.
  package mutating func convolution(
    _ x: Node, _ name: String, outputs: Int, kernel: Int, stride: Int = 1, padding: Int = 0,
    hasBias: Bool = false, weight: Initialization? = nil, bias: Initialization = .constant(0)
  ) -> Node {
    let shape = shape(of: x)
    func side(_ size: Int) -> Int { (size + 2 * padding - kernel) / stride + 1 }
    return add(
      .convolution(
        Operation.Convolution(
          kernel: kernel, stride: stride, padding: padding, hasBias: hasBias,
          weight: weight ?? .normal(kernel: kernel, fanOut: outputs), bias: bias)),
      [x], shape: MapShape(height: side(shape.height), width: side(shape.width), channels: outputs),
      name: name)
  }

  /// Parameters `name.weight` and `name.bias`, statistics `name.running_mean` and `name.running_var`, all
  /// `[channels]`.
  package mutating func batchNormalization(_ x: Node, _ name: String) -> Node {
    add(.batchNormalization, [x], shape: shape(of: x), name: name)
  }

  package mutating func rectifier(_ x: Node) -> Node { add(.rectifier, [x], shape: shape(of: x)) }

  package mutating func sigmoid(_ x: Node) -> Node { add(.sigmoid, [x], shape: shape(of: x)) }

  package mutating func sum(_ x: Node, _ y: Node) -> Node {
    precondition(shape(of: x) == shape(of: y), "summands have one shape")
    return add(.sum, [x, y], shape: shape(of: x))
  }

  /// The channels of all of them, in their order.
  package mutating func concatenation(_ nodes: [Node]) -> Node {
    let shapes = nodes.map { shape(of: $0) }
    precondition(
      Set(shapes.map { [$0.height, $0.width] }).count == 1, "what is concatenated has one size")
    if nodes.count == 1 { return nodes[0] }
    return add(
      .concatenation, nodes,
      shape: MapShape(
        height: shapes[0].height, width: shapes[0].width,
        channels: shapes.reduce(0) { $0 + $1.channels }))
  }

  package mutating func maximumPooling(
    _ x: Node, kernel: Int, stride: Int, padding: Int = 0
  ) -> Node {
    let window = Operation.Window(kernel: kernel, stride: stride, padding: padding)
    return add(.maximumPooling(window), [x], shape: pooled(x, window))
  }

  package mutating func averagePooling(
    _ x: Node, kernel: Int, stride: Int, padding: Int = 0
  ) -> Node {
    let window = Operation.Window(kernel: kernel, stride: stride, padding: padding)
    return add(.averagePooling(window), [x], shape: pooled(x, window))
  }

  private func pooled(_ x: Node, _ window: Operation.Window) -> MapShape {
    precondition(2 * window.padding <= window.kernel, "no window lies in the padding alone")
    let shape = shape(of: x)
    return MapShape(
      height: window.count(over: shape.height), width: window.count(over: shape.width),
      channels: shape.channels)
  }

  package mutating func adaptiveAveragePooling(_ x: Node, height: Int, width: Int) -> Node {
    add(
      .adaptiveAveragePooling, [x],
      shape: MapShape(height: height, width: width, channels: shape(of: x).channels))
  }

  /// The nearest pixel of a map that is `factor` times smaller.
  package mutating func upsampling(_ x: Node, factor: Int) -> Node {
    let shape = shape(of: x)
    return add(
      .upsampling(factor: factor), [x],
      shape: MapShape(
        height: factor * shape.height, width: factor * shape.width, channels: shape.channels))
  }

  /// A border of zeros around the map.
  package mutating func padding(
    _ x: Node, top: Int = 0, left: Int = 0, bottom: Int = 0, right: Int = 0
  ) -> Node {
    let shape = shape(of: x)
    return add(
      .padding(top: top, left: left, bottom: bottom, right: right), [x],
      shape: MapShape(
        height: shape.height + top + bottom, width: shape.width + left + right,
        channels: shape.channels))
  }

  /// Of all numbers of an image. Parameters `name.weight` `[outputs, inputs]` and `name.bias` `[outputs]`.
  ///
  /// - Parameters weight, bias: uniform within ±1/√inputs unless given.
  package mutating func linear(
    _ x: Node, _ name: String, outputs: Int, hasBias: Bool = true, weight: Initialization? = nil,
    bias: Initialization? = nil
  ) -> Node {
    let standard = Initialization.standard(inputs: shape(of: x).count)
    return add(
      .linear(hasBias: hasBias, weight: weight ?? standard, bias: bias ?? standard), [x],
      shape: MapShape(vector: outputs), name: name)
  }

  /// - Parameter rate: the probability of a zero, from 0 to less than 1.
  package mutating func dropout(_ x: Node, rate: Double) -> Node {
    precondition(rate >= 0 && rate < 1)
    return rate == 0 ? x : add(.dropout(rate: rate), [x], shape: shape(of: x))
  }

  /// Multiplied by a number that `Network.setScale` sets.
  package mutating func scaling(_ x: Node, _ name: String) -> Node {
    add(.scaling, [x], shape: shape(of: x), name: name)
  }

  package mutating func unitLength(_ x: Node) -> Node { add(.unitLength, [x], shape: shape(of: x)) }
}
