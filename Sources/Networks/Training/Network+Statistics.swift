import Compute
import Images

extension Network {
  /// Measures the running statistics of all batch normalisations anew: the means, over some images, of those
  /// of their batches, as for a network whose weights were set without training.
  ///
  /// - Parameters:
  ///   - indices: of the images; at least two.
  ///   - assembler: makes batches of them, without augmentation.
  package func estimateStatistics(over indices: [Int], of assembler: BatchAssembler) {
    let size = assembler.images.shape.count
    var start = 0
    while start < indices.count {
      let batch = min(capacity, indices.count - start)
      let blocks = Blocks(batch, ofAtMost: 8)
      let input = input.pointer
      context.pool.run(blocks.blockCount) { block, _ in
        let range = blocks[block]
        assembler.assemble(
          indices[(start + range.lowerBound)..<(start + range.upperBound)],
          into: input + range.lowerBound * size)
      }
      forward(images: batch, mode: .trainingWithFixedStatistics)
      let share = Double(batch) / Double(start + batch)
      for normalization in normalizations { normalization.moveStatistics(by: share) }
      start += batch
    }
  }
}
