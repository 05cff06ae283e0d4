/// A partition of 0..<`count` into blocks of nearly equal size.
///
/// It depends on its arguments alone, so whatever is summed per block and then over the blocks in
/// order has the same bits for any number of threads.
public struct Blocks: Sendable {
  public let count: Int
  public let blockCount: Int

  /// Blocks of at most `size` elements.
  public init(_ count: Int, ofAtMost size: Int) {
    precondition(count >= 0 && size > 0)
    self.count = count
    blockCount = (count + size - 1) / size
  }

  /// The elements of a block: sizes differ by at most one.
  public subscript(block: Int) -> Range<Int> {
    let quotient = count / blockCount
    let remainder = count % blockCount
    let start = block * quotient + min(block, remainder)
    return start..<(start + quotient + (block < remainder ? 1 : 0))
  }
}
