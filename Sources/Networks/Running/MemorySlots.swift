/// Pieces of memory that are taken, given back and taken again. Sizes only, no memory.
struct MemorySlots {
  /// Numbers of an image in each.
  private(set) var sizes: [Int] = []
  private var isFree: [Bool] = []

  /// The smallest free slot that is large enough, or else the largest, which grows.
  mutating func take(_ size: Int) -> Int {
    let free = isFree.indices.filter { isFree[$0] }
    let fitting = free.filter { sizes[$0] >= size }.min { sizes[$0] < sizes[$1] }
    guard let slot = fitting ?? free.max(by: { sizes[$0] < sizes[$1] }) else {
      sizes.append(size)
      isFree.append(false)
      return sizes.count - 1
    }
    grow(slot, to: size)
    isFree[slot] = false
    return slot
  }

  mutating func grow(_ slot: Int, to size: Int) { sizes[slot] = max(sizes[slot], size) }

  mutating func release(_ slot: Int) { isFree[slot] = true }
}
