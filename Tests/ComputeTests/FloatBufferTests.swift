import Compute
import Testing

@Suite struct FloatBufferTests {
  @Test func isAlignedAndZero() {
    // Kept alive together, so that they are different places.
    let buffers = (0..<64).map { FloatBuffer(count: 1 + $0 * 37) }
    for buffer in buffers {
      #expect(Int(bitPattern: buffer.pointer) % 64 == 0)
      #expect(buffer.array == [Float](repeating: 0, count: buffer.count))
    }
  }

  @Test func buffersDoNotOverlap() {
    let buffers = (0..<40).map { _ in FloatBuffer(count: 1000) }
    for (index, buffer) in buffers.enumerated() { buffer.fill(with: Float(index)) }
    for (index, buffer) in buffers.enumerated() {
      #expect(buffer.elements.allSatisfy { $0 == Float(index) })
    }
  }

  @Test func holdsWhatItWasMadeOf() {
    #expect(FloatBuffer([1, 2.5, -3]).array == [1, 2.5, -3])
    #expect(FloatBuffer([]).array.isEmpty)
    #expect(FloatBuffer(count: 0).elements.isEmpty)
  }
}
