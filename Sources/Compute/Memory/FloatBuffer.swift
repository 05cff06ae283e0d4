import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A block of memory for single-precision numbers, zero at first, freed with its owner.
///
/// Layers read and write it through plain pointers; whoever holds the buffer keeps it alive. It is
/// not safe to write from two threads to the same elements. Behind the last element there are sixteen
/// numbers that may be read: products of matrices take whole vectors.
public final class FloatBuffer: @unchecked Sendable {
  public let count: Int
  /// The first element, aligned to 64 bytes (a cache line and a vector).
  public let pointer: UnsafeMutablePointer<Float>
  private let allocation: UnsafeMutableRawPointer

  public init(count: Int) {
    precondition(count >= 0)
    // Large allocations all begin at the same offset within a page, so that walking several of
    // them in step hits the same sets of the cache. Each buffer therefore starts a few lines later
    // than the one before.
    let stagger = FloatBuffer.next.wrappingAdd(1, ordering: .relaxed).oldValue % 16 * 5 * 64
    let bytes = count * MemoryLayout<Float>.stride
    var memory: UnsafeMutableRawPointer?
    let isLarge = bytes >= 1 << 21
    guard
      posix_memalign(&memory, isLarge ? 1 << 21 : 64, bytes + stagger + 64) == 0, let memory
    else {
      // Not a precondition: without checks, as this module is built, that would be taken for something that never is.
      fatalError("out of memory: \(bytes) bytes")
    }
    #if os(Linux)
    if isLarge { madvise(memory, bytes + stagger + 64, MADV_HUGEPAGE) }
    #endif
    memset(memory, 0, bytes + stagger + 64)
    allocation = memory
    self.count = count
    pointer = (memory + stagger).bindMemory(to: Float.self, capacity: max(count, 1))
  }

  deinit { free(allocation) }

  private static let next = Atomic<Int>(0)

  public convenience init(_ values: [Float]) {
    self.init(count: values.count)
    values.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { pointer.update(from: base, count: count) }
    }
  }

  public var array: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

  public var elements: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: pointer, count: count)
  }

  public func fill(with value: Float) { pointer.update(repeating: value, count: count) }
}
