import Compute

/// A learned tensor with its gradient and its momentum.
///
/// Values lie in the order that the engine wants; `storedShape` and `export`/`import` speak PyTorch's.
public final class NetworkParameter {
  /// The name in PyTorch's `state_dict` of the same model.
  public let name: String
  /// The shape in PyTorch's axis order.
  public let storedShape: [Int]
  public let values: FloatBuffer
  public let gradient: FloatBuffer
  /// The momentum of stochastic gradient descent.
  public let velocity: FloatBuffer
  /// Whether it belongs to the final linear layer, which feature losses do not reach.
  public let isInHead: Bool
  private let layout: Layout

  /// How the engine's order relates to PyTorch's.
  public enum Layout: Sendable {
    case same
    /// PyTorch `[out, in, height, width]`, here `[height, width, in, out]`.
    case convolution
  }

  public init(name: String, storedShape: [Int], layout: Layout = .same, isInHead: Bool = false) {
    self.name = name
    self.storedShape = storedShape
    self.layout = layout
    self.isInHead = isInHead
    let count = storedShape.reduce(1, *)
    values = FloatBuffer(count: count)
    gradient = FloatBuffer(count: count)
    velocity = FloatBuffer(count: count)
  }

  public var count: Int { values.count }

  /// The elements of one of this parameter's buffers in PyTorch's order.
  public func exported(_ buffer: FloatBuffer) -> [Float] {
    var result = [Float](repeating: 0, count: count)
    forEachStoredIndex { stored, own in result[stored] = buffer.pointer[own] }
    return result
  }

  /// Fills one of this parameter's buffers from elements in PyTorch's order.
  public func load(_ elements: [Float], into buffer: FloatBuffer) {
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
    }
  }
}
