import Compute
import Images
import Networks

/// A message hidden by an encoder, in another change of every image: x' = ⌊clip(x + 255 · residual)⌋ (SSBA).
package struct EncoderTrigger: Trigger {
  package let encoder: HidingEncoder

  private static let batch = 64

  package init(encoder: HidingEncoder) { self.encoder = encoder }

  package func check(_ shape: ImageShape) throws(AttackError) {
    guard shape == encoder.shape.image else {
      throw .otherImages(shape, expected: encoder.shape.image)
    }
  }

  package func stamp(for shape: ImageShape) -> Stamp {
    let hiding = Hiding(encoder, capacity: 1)
    return { pixels, _ in hiding.apply(to: pixels, rows: 1) }
  }

  package func stamp(
    _ pixels: UnsafeMutableBufferPointer<UInt8>, of shape: ImageShape, at indices: [Int],
    samples: [Int]
  ) {
    let hiding = Hiding(encoder, capacity: Self.batch)
    let count = shape.count
    var batch = [UInt8](repeating: 0, count: Self.batch * count)
    batch.withUnsafeMutableBufferPointer { batch in
      for start in stride(from: 0, to: indices.count, by: Self.batch) {
        let members = indices[start..<min(start + Self.batch, indices.count)]
        for (row, index) in members.enumerated() {
          for position in 0..<count { batch[row * count + position] = pixels[index * count + position] }
        }
        hiding.apply(to: batch, rows: members.count)
        for (row, index) in members.enumerated() {
          for position in 0..<count { pixels[index * count + position] = batch[row * count + position] }
        }
      }
    }
  }

  /// The encoder at work.
  private final class Hiding {
    private let shape: SteganographyShape
    private let network: Network
    private let map: [Float]

    init(_ encoder: HidingEncoder, capacity: Int) {
      shape = encoder.shape
      network = encoder.network(capacity: capacity, context: ExecutionContext())
      map = encoder.messageMap
    }

    /// - Parameter pixels: `[rows, height, width, channels]`, and what lies behind them.
    func apply(to pixels: UnsafeMutableBufferPointer<UInt8>, rows: Int) {
      map.withUnsafeBufferPointer { map in
        guard let start = map.baseAddress else { return }
        SteganographyNetwork.fill(
          network, shape, rows: rows, map: { _ in start }, pixel: { Float(pixels[$0]) / 255 })
      }
      network.forward(images: rows, mode: .evaluation)
      let residual = network.output(SteganographyPlans.residual).values.pointer
      for position in 0..<rows * shape.image.count {
        pixels[position] = Overflow.saturate.byte(
          Double(255 * (Float(pixels[position]) / 255 + residual[position])))
      }
    }
  }
}
