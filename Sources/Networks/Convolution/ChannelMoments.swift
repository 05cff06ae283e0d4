import Compute

/// Means and sums of squares about them of the channels of a tensor, gathered in parts that are
/// combined in their order: the same bits for any number of threads.
package final class ChannelMoments {
  package let channels: Int
  /// Channels filled up to whole vectors.
  private let stride: Int
  /// For each part the means, the squares and the count: `[parts, 2 · stride + 16]`.
  private var values = FloatBuffer(count: 0)
  private var parts = 0

  package init(channels: Int) {
    self.channels = channels
    stride = (channels + 15) & ~15
  }

  private var partSize: Int { 2 * stride + 16 }

  /// Forgets everything and makes room for so many parts; allocates only if there have never been
  /// as many.
  func prepare(parts: Int) {
    self.parts = parts
    if values.count < parts * partSize { values = FloatBuffer(count: parts * partSize) }
    for part in 0..<parts { count(part).pointee = 0 }
  }

  @inline(__always)
  private func count(_ part: Int) -> UnsafeMutablePointer<Float> {
    values.pointer + (part * partSize + 2 * stride)
  }

  /// Adds, for neighbouring channels from `c` on, `count` numbers of given mean and squares about
  /// it to a part. `finish` follows when all channels were added.
  @inline(__always)
  func add<Lanes: FloatLanes>(
    mean: Lanes, squares: Lanes, count: Int, channel c: Int, part: Int
  ) {
    let means = values.pointer + (part * partSize + c)
    let earlier = self.count(part).pointee
    if earlier == 0 {
      mean.store(at: means)
      squares.store(at: means + stride)
      return
    }
    let added = Float(count)
    let total = earlier + added
    let distance = mean - Lanes(at: means)
    Lanes(at: means).addingProduct(distance, Lanes(repeating: added / total))
      .store(at: means)
    (Lanes(at: means + stride) + squares)
      .addingProduct(distance * distance, Lanes(repeating: earlier * added / total))
      .store(at: means + stride)
  }

  @inline(__always)
  func finish(count: Int, part: Int) {
    self.count(part).pointee += Float(count)
  }

  /// Measures some rows of `[rows, channels]`, `stride` apart, and adds them to a part.
  func measure(_ rows: Range<Int>, of input: UnsafePointer<Float>, stride: Int, part: Int) {
    let channels = self.channels
    func body<Lanes: FloatLanes>(_ type: Lanes.Type, _ c: Int) {
      var sum = Lanes(repeating: 0)
      for row in rows { sum = sum + Lanes(at: input + (row * stride + c)) }
      let mean = sum * Lanes(repeating: 1 / Float(rows.count))
      var squares = Lanes(repeating: 0)
      for row in rows {
        let distance = Lanes(at: input + (row * stride + c)) - mean
        squares = squares.addingProduct(distance, distance)
      }
      add(mean: mean, squares: squares, count: rows.count, channel: c, part: part)
    }
    forEachLanes(channels) { body(SIMD16<Float>.self, $0) } one: { body(Float.self, $0) }
    finish(count: rows.count, part: part)
  }

  /// A channel's mean and the squares about it over all parts, and how many numbers there were.
  package func combined(_ c: Int) -> (count: Double, mean: Double, squares: Double) {
    var (count, mean, squares) = (0.0, 0.0, 0.0)
    for part in 0..<parts where self.count(part).pointee > 0 {
      let size = Double(self.count(part).pointee)
      let place = values.pointer + (part * partSize + c)
      let distance = Double(place.pointee) - mean
      let total = count + size
      mean += distance * size / total
      squares += Double(place[stride]) + distance * distance * count * size / total
      count = total
    }
    return (count, mean, squares)
  }
}
