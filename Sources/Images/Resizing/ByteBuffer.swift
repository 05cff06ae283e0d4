/// Memory that grows as it is needed, and whose content is not kept.
final class ByteBuffer {
  private var memory: UnsafeMutablePointer<UInt8>?
  private var capacity = 0

  deinit { memory?.deallocate() }

  func reserve(_ count: Int) -> UnsafeMutablePointer<UInt8> {
    if let memory, capacity >= count { return memory }
    memory?.deallocate()
    let new = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, count))
    memory = new
    capacity = count
    return new
  }
}
