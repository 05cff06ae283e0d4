import Testing

/// A tensor as the interpreter of these tests has it, the last axis fastest.
struct TensorValue {
  var shape: [Int]
  var values: [Float]

  init(shape: [Int], values: [Float]) throws {
    try #require(shape.reduce(1, *) == values.count)
    self.shape = shape
    self.values = values
  }

  /// Values by their place.
  init(_ shape: [Int], _ value: ([Int]) -> Float) throws {
    let count = shape.reduce(1, *)
    try self.init(
      shape: shape,
      values: (0..<count).map { index in
        var (rest, place) = (index, [Int](repeating: 0, count: shape.count))
        for axis in shape.indices.reversed() {
          (rest, place[axis]) = rest.quotientAndRemainder(dividingBy: shape[axis])
        }
        return value(place)
      })
  }

  /// The value at a place; axes of size 1 count for all, and missing ones in front too: numpy's broadcasting.
  func broadcast(_ place: [Int]) -> Float {
    let skipped = place.count - shape.count
    var index = 0
    for (axis, size) in shape.enumerated() { index = index * size + (size == 1 ? 0 : place[skipped + axis]) }
    return values[index]
  }

  /// The value at a place of a map, or `outside` beyond its border.
  func at(_ image: Int, _ channel: Int, _ y: Int, _ x: Int, outside: Float) -> Float {
    guard y >= 0, y < shape[2], x >= 0, x < shape[3] else { return outside }
    return values[((image * shape[1] + channel) * shape[2] + y) * shape[3] + x]
  }
}
