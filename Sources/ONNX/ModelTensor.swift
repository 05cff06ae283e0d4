/// A tensor of a network, in PyTorch's axis order, the last axis fastest.
package struct ModelTensor: Hashable, Sendable {
  package let shape: [Int]
  package let values: [Float]

  package init(shape: [Int], values: [Float]) {
    precondition(shape.reduce(1, *) == values.count, "as many values as the shape says")
    self.shape = shape
    self.values = values
  }
}
