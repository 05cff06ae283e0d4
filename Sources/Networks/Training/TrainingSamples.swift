import Compute
import Images

/// Images that training draws from: some of a set, varied in a given way.
package struct TrainingSamples: Sendable {
  package let assembler: BatchAssembler
  /// Which images of the assembler's set.
  package let indices: [Int]
  package let augmentation: Augmentation
  /// A random view in the place of the augmentation.
  package let wrapAround: WrapAround?
  package let order: Order
  /// How many images are made of each sample in a step, each varied in its own way.
  package let views: Int

  /// In which order, and how often, the samples come up in an epoch.
  package enum Order: Hashable, Sendable {
    /// Each once, shuffled.
    case shuffled
    /// As many in all as there are samples, but equally many of each class that is present: those of
    /// large classes come up less than once, those of small ones more often.
    case balanced
  }

  package init(
    assembler: BatchAssembler, indices: [Int]? = nil, augmentation: Augmentation = .none,
    order: Order = .shuffled, views: Int = 1, wrapAround: WrapAround? = nil
  ) {
    self.assembler = assembler
    self.indices = indices ?? Array(assembler.images.labels.indices)
    self.augmentation = augmentation
    self.wrapAround = wrapAround
    self.order = order
    self.views = views
  }

  package var count: Int { indices.count }

  /// The order of an epoch: indices into the assembler's set.
  package func order(seed: UInt64, stream: Int, epoch: Int) -> [Int] {
    var shuffle = RandomStream(
      seed: seed, purpose: RandomPurpose("sample order"), epoch: epoch, sample: stream)
    switch order {
    case .shuffled:
      return shuffle.permutation(of: count).map { indices[$0] }
    case .balanced:
      let labels = assembler.images.labels
      let members = Dictionary(grouping: indices) { labels[$0] }.sorted { $0.key < $1.key }.map(\.value)
      guard !members.isEmpty else { return [] }
      var chosen: [Int] = []
      for (position, range) in members.enumerated() {
        let quota = count / members.count + (position < count % members.count ? 1 : 0)
        // The epochs of a class follow on from each other, so that all its members come up equally
        // often in the long run.
        var cycle = -1
        var permutation: [Int] = []
        for draw in (epoch * quota)..<((epoch + 1) * quota) {
          if draw / range.count != cycle {
            cycle = draw / range.count
            var stream = RandomStream(
              seed: seed, purpose: RandomPurpose("class order"), epoch: cycle,
              sample: stream << 16 | position)
            permutation = stream.permutation(of: range.count)
          }
          chosen.append(range[permutation[draw % range.count]])
        }
      }
      return shuffle.permutation(of: chosen.count).map { chosen[$0] }
    }
  }

  /// Writes the images at `indices` as training wants them to `destination`,
  /// `[indices.count, height, width, channels]`.
  ///
  /// - Parameter scratch: `assembler.scratchByteCount` bytes for each thread, aligned to 64.
  package func assemble(
    _ indices: ArraySlice<Int>, seed: UInt64, epoch: Int, view: Int,
    into destination: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    let size = assembler.images.shape.count
    let scratchSize = assembler.scratchByteCount
    let blocks = Blocks(indices.count, ofAtMost: 8)
    pool.run(blocks.blockCount) { block, worker in
      let range = blocks[block]
      let slice =
        indices[(indices.startIndex + range.lowerBound)..<(indices.startIndex + range.upperBound)]
      let target = destination + range.lowerBound * size
      if let wrapAround {
        assembler.assemble(slice, wrapped: wrapAround, seed: seed, epoch: epoch, into: target)
      } else {
        assembler.assemble(
          slice, augmentation: augmentation, seed: seed, epoch: epoch, view: view, into: target,
          scratch: scratch + worker * scratchSize)
      }
    }
  }
}
