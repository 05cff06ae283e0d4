import Compute
import Images

/// Runs a network over images in evaluation mode.
package enum Inference {
  /// What the images go through before the network.
  package enum View: Sendable {
    case plain
    /// One random outcome of τ for each image.
    case transformed(RandomTransformation, seed: UInt64, draw: Int)
    /// Another image of the set added to each image.
    case superimposed(seed: UInt64, draw: Int)
    /// A window of each image over another image of the set.
    case window(Int, of: WindowGrid, seed: UInt64)
  }

  /// Calls `body` for each batch with the positions in `indices` that it holds and pointers to
  /// features `[batch, length]` and logits `[batch, classes]`; the network has taps for both.
  package static func run(
    _ network: Network, over indices: [Int], of assembler: BatchAssembler,
    view: View = .plain,
    _ body: (
      _ range: Range<Int>, _ features: UnsafePointer<Float>, _ logits: UnsafePointer<Float>
    ) throws -> Void
  ) rethrows {
    let size = assembler.images.shape.count
    let (features, logits) = (network.output(.features).values, network.output(.logits).values)
    var start = 0
    while start < indices.count {
      let range = start..<min(start + network.capacity, indices.count)
      let blocks = Blocks(range.count, ofAtMost: 8)
      network.context.pool.run(blocks.blockCount) { block, _ in
        let members = blocks[block]
        let slice = indices[(start + members.lowerBound)..<(start + members.upperBound)]
        let destination = network.input.pointer + members.lowerBound * size
        switch view {
        case .plain:
          assembler.assemble(slice, into: destination)
        case .transformed(let transformation, let seed, let draw):
          assembler.assemble(
            slice, transformation: transformation, seed: seed, draw: draw, into: destination)
        case .superimposed(let seed, let draw):
          assembler.assemble(slice, superimposedBy: seed, draw: draw, into: destination)
        case .window(let window, let grid, let seed):
          assembler.assemble(slice, window: window, of: grid, seed: seed, into: destination)
        }
      }
      network.forward(images: range.count, mode: .evaluation)
      try body(range, features.pointer, logits.pointer)
      start = range.upperBound
    }
  }

  /// The features of images, `[indices.count, length]`.
  ///
  /// - Parameter eachBatch: called after every batch, with the positions in `indices` that it held.
  package static func features(
    of network: Network, over indices: [Int], of assembler: BatchAssembler,
    eachBatch: (Range<Int>) throws -> Void = { _ in }
  ) rethrows -> FloatBuffer {
    let length = network.output(.features).length
    let result = FloatBuffer(count: indices.count * length)
    try run(network, over: indices, of: assembler) { range, values, _ in
      (result.pointer + range.lowerBound * length).update(from: values, count: range.count * length)
      try eachBatch(range)
    }
    return result
  }

  /// The class with the largest logit for each image; the lowest of several.
  ///
  /// - Throws: `InferenceError` for a logit that is NaN or infinite, and what `eachBatch` throws.
  package static func predictions(
    of network: Network, over indices: [Int], of assembler: BatchAssembler,
    eachBatch: (Range<Int>) throws -> Void = { _ in }
  ) throws -> [Int] {
    let classes = network.output(.logits).length
    var result: [Int] = []
    result.reserveCapacity(indices.count)
    try run(network, over: indices, of: assembler) { range, _, logits in
      for row in 0..<range.count {
        let line = UnsafeBufferPointer(start: logits + row * classes, count: classes)
        // Every comparison with NaN is false: it would pass for the first class.
        guard line.allSatisfy(\.isFinite) else {
          let image = indices[range.lowerBound + row]
          throw InferenceError.notFinite(image: image, label: assembler.images.labels[image])
        }
        var best = 0
        for k in line.indices where line[k] > line[best] { best = k }
        result.append(best)
      }
      try eachBatch(range)
    }
    return result
  }
}
