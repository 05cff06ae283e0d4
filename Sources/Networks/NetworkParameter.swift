import Compute

/// A learned tensor with its gradient.
///
/// Values lie in the order that the engine wants; `storedShape`, `exported` and `load` speak PyTorch's.
package final class NetworkParameter {
  /// The name in PyTorch's `state_dict` of the same model.
  package let name: String
  /// The shape in PyTorch's axis order.
  package let storedShape: [Int]
  package let values: FloatBuffer
  /// Empty until `prepareGradient`: a network that is only evaluated has none.
  package private(set) var gradient = FloatBuffer(count: 0)
  /// How it is filled before training.
  package let initialization: Initialization
  /// A frozen parameter is not trained, and passes that are made for training do not compute its gradient.
  package var isFrozen = false
  /// What the optimiser keeps for it between steps; empty until `prepareState`.
  package private(set) var state: [FloatBuffer] = []
  private let layout: Layout

  /// How the engine's order relates to PyTorch's.
  package enum Layout: Hashable, Sendable {
    case same
    /// PyTorch `[out, in, height, width]`, here `[height, width, in, out]`.
    case convolution
    /// Of a linear layer on a map of so many channels: PyTorch `[out, channels, pixels]`, here
    /// `[out, pixels, channels]`.
    case flattened(channels: Int)
  }

  package init(
    name: String, storedShape: [Int], layout: Layout = .same,
    initialization: Initialization = .constant(0)
  ) {
    self.name = name
    self.storedShape = storedShape
    self.layout = layout
    self.initialization = initialization
    values = FloatBuffer(count: storedShape.reduce(1, *))
  }

  package var count: Int { values.count }

  /// Fills the values before training.
  package func initialize(from stream: inout RandomStream) {
    initialization.fill(values, from: &stream)
  }

  /// Makes room for the gradient.
  package func prepareGradient() {
    if gradient.count != count { gradient = FloatBuffer(count: count) }
  }

  /// Makes room for what an optimiser keeps under these names, zero at first; what is there stays.
  package func prepareState(_ names: [String]) {
    if state.count != names.count { state = names.map { _ in FloatBuffer(count: count) } }
  }

  /// Forgets what an optimiser kept.
  package func clearState() { state = [] }

  /// The elements of a buffer in this parameter's order, in PyTorch's order.
  package func exported(_ buffer: FloatBuffer) -> [Float] {
    var result = [Float](repeating: 0, count: count)
    forEachStoredIndex { stored, own in result[stored] = buffer.pointer[own] }
    return result
  }

  /// Fills a buffer in this parameter's order from elements in PyTorch's order.
  package func load(_ elements: [Float], into buffer: FloatBuffer) {
    precondition(elements.count == count)
    forEachStoredIndex { stored, own in buffer.pointer[own] = elements[stored] }
  }

  @inline(__always)
  private func forEachStoredIndex(_ body: (_ stored: Int, _ own: Int) -> Void) {
    switch layout {
    case .same:
      for index in 0..<count { body(index, index) }
    case .convolution:
      let (outputs, inputs) = (storedShape[0], storedShape[1])
      let taps = storedShape[2] * storedShape[3]
      for output in 0..<outputs {
        for input in 0..<inputs {
          for tap in 0..<taps {
            body((output * inputs + input) * taps + tap, (tap * inputs + input) * outputs + output)
          }
        }
      }
    case .flattened(let channels):
      let pixels = storedShape[1] / channels
      for output in 0..<storedShape[0] {
        for channel in 0..<channels {
          for pixel in 0..<pixels {
            body(
              (output * channels + channel) * pixels + pixel,
              (output * pixels + pixel) * channels + channel)
          }
        }
      }
    }
  }
}
