/// Where the numbers of a node lie: a row of `channels` numbers for every pixel of every image, rows
/// `stride` apart, `[images, height, width, channels]`.
///
/// A node that is part of a concatenation lies inside it, so its stride is that of the whole.
struct TensorView {
  let pointer: UnsafeMutablePointer<Float>
  let shape: MapShape
  let stride: Int

  init(_ pointer: UnsafeMutablePointer<Float>, shape: MapShape, stride: Int? = nil) {
    self.pointer = pointer
    self.shape = shape
    self.stride = stride ?? shape.channels
  }

  /// Whether rows follow each other without gaps.
  var isDense: Bool { stride == shape.channels }

  func rows(_ images: Int) -> Int { images * shape.pixels }
}
