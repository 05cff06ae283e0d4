import Compute
import Testing

@Suite struct BlocksTests {
  /// Every element in one block, in order; sizes within the limit and within one of each other.
  @Test func isAPartition() {
    for count in 0...70 {
      for size in 1...75 {
        let blocks = Blocks(count, ofAtMost: size)
        let ranges = (0..<blocks.blockCount).map { blocks[$0] }
        #expect(ranges.flatMap { Array($0) } == Array(0..<count))
        let sizes = ranges.map(\.count)
        #expect(sizes.allSatisfy { (1...size).contains($0) })
        #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
        #expect(blocks.blockCount == (count + size - 1) / size, "no more blocks than needed")
      }
    }
  }

  @Test func largeNumbers() {
    let blocks = Blocks(1 << 40, ofAtMost: (1 << 20) + 1)
    #expect(blocks[0].lowerBound == 0)
    #expect(blocks[blocks.blockCount - 1].upperBound == 1 << 40)
    #expect(blocks[12345].upperBound == blocks[12346].lowerBound)
  }
}
