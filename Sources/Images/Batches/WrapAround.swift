import Compute

/// A random view that keeps all of an image's content: shifted by whole pixels, where what leaves on one side
/// comes in on the other, and mirrored half of the time.
///
/// A trigger that is tied to its place no longer fits, and classes still do. Source: the procedure of
/// bootstrapped confusion training.
package struct WrapAround: Hashable, Sendable {
  /// The largest shift either way, in pixels of an image of 32 rows or columns; in other sizes in proportion.
  package let reach: Int
  /// The share of the images that are changed at all, from 0 to 1.
  package let share: Double

  package init(reach: Int, share: Double = 1) {
    self.reach = reach
    self.share = share
  }

  /// What happens to one image.
  struct Outcome: Hashable {
    /// The content is moved down and to the right by this many pixels, from 0 to the size less one.
    var rows = 0
    var columns = 0
    /// Left and right are swapped after that.
    var isMirrored = false
  }

  /// Draws what happens to image `sample` in `epoch`.
  func sample(for shape: ImageShape, seed: UInt64, epoch: Int, sample: Int) -> Outcome {
    var stream = RandomStream(
      seed: seed, purpose: RandomPurpose("wrap around"), epoch: epoch, sample: sample)
    guard stream.uniform() < share else { return Outcome() }
    func shift(_ size: Int) -> Int {
      let most = (2 * reach * size + 32) / 64
      let drawn = stream.integer(below: 2 * most + 1) - most
      return (drawn % size + size) % size
    }
    return Outcome(
      rows: shift(shape.height), columns: shift(shape.width), isMirrored: stream.uniform() < 0.5)
  }
}
