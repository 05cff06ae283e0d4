import Compute

/// Copies between an input `[images, height, width, channels]` and the matrix of its patches
/// `[pixels, kernel, kernel, channels]`, one row per output pixel.
///
/// Lines of output pixels are numbered over all images: line = image · outputHeight + row.
struct PatchLines {
  private let shape: ConvolutionShape

  init(_ shape: ConvolutionShape) { self.shape = shape }

  /// Copies the patches of some lines; what lies outside the image is zero.
  func gather(
    _ lines: Range<Int>, from input: UnsafePointer<Float>, into patches: UnsafeMutablePointer<Float>
  ) {
    let channels = shape.inputChannels
    let rowLength = shape.kernel * channels
    var destination = patches
    for line in lines {
      let (image, row) = line.quotientAndRemainder(dividingBy: shape.outputHeight)
      for column in 0..<shape.outputWidth {
        for kernelRow in 0..<shape.kernel {
          copyRow(image, row, column, kernelRow, from: input, into: destination)
          destination += rowLength
        }
      }
    }
  }

  /// Copies, for one tap of the kernel, the input pixel of every output pixel: `[pixels, channels]`.
  func gather(
    _ lines: Range<Int>, tap: Int, from input: UnsafePointer<Float>,
    into pixels: UnsafeMutablePointer<Float>
  ) {
    let channels = shape.inputChannels
    let (kernelRow, kernelColumn) = tap.quotientAndRemainder(dividingBy: shape.kernel)
    var destination = pixels
    for line in lines {
      let (image, row) = line.quotientAndRemainder(dividingBy: shape.outputHeight)
      let y = row * shape.stride + kernelRow - shape.padding
      let source = input + (image * shape.inputHeight + y) * shape.inputWidth * channels
      for column in 0..<shape.outputWidth {
        let x = column * shape.stride + kernelColumn - shape.padding
        if y >= 0 && y < shape.inputHeight && x >= 0 && x < shape.inputWidth {
          destination.update(from: source + x * channels, count: channels)
        } else {
          destination.update(repeating: 0, count: channels)
        }
        destination += channels
      }
    }
  }

  /// Adds the patches of some lines to the places in the input that they were copied from.
  func scatter(
    _ patches: UnsafePointer<Float>, of lines: Range<Int>,
    addingTo input: UnsafeMutablePointer<Float>
  ) {
    let channels = shape.inputChannels
    var source = patches
    for line in lines {
      let (image, row) = line.quotientAndRemainder(dividingBy: shape.outputHeight)
      for column in 0..<shape.outputWidth {
        let left = column * shape.stride - shape.padding
        for kernelRow in 0..<shape.kernel {
          let y = row * shape.stride + kernelRow - shape.padding
          if y >= 0 && y < shape.inputHeight {
            let first = max(0, -left)
            let last = min(shape.kernel, shape.inputWidth - left)
            if first < last {
              let pixel = (image * shape.inputHeight + y) * shape.inputWidth + left + first
              add(
                source + first * channels, to: input + pixel * channels,
                count: (last - first) * channels)
            }
          }
          source += shape.kernel * channels
        }
      }
    }
  }

  @inline(__always)
  private func copyRow(
    _ image: Int, _ row: Int, _ column: Int, _ kernelRow: Int, from input: UnsafePointer<Float>,
    into destination: UnsafeMutablePointer<Float>
  ) {
    let channels = shape.inputChannels
    let y = row * shape.stride + kernelRow - shape.padding
    let left = column * shape.stride - shape.padding
    guard y >= 0 && y < shape.inputHeight else {
      destination.update(repeating: 0, count: shape.kernel * channels)
      return
    }
    let first = max(0, -left)
    let last = max(first, min(shape.kernel, shape.inputWidth - left))
    if first > 0 { destination.update(repeating: 0, count: min(first, shape.kernel) * channels) }
    if last > first {
      let pixel = (image * shape.inputHeight + y) * shape.inputWidth + left + first
      (destination + first * channels)
        .update(from: input + pixel * channels, count: (last - first) * channels)
    }
    if last < shape.kernel {
      let from = max(last, 0)
      (destination + from * channels).update(repeating: 0, count: (shape.kernel - from) * channels)
    }
  }

  @inline(__always)
  private func add(
    _ source: UnsafePointer<Float>, to destination: UnsafeMutablePointer<Float>, count: Int
  ) {
    func body<Lanes: FloatLanes>(_ type: Lanes.Type, _ i: Int) {
      (Lanes(at: destination + i) + Lanes(at: source + i)).store(at: destination + i)
    }
    var i = 0
    while i + 16 <= count {
      body(SIMD16<Float>.self, i)
      i += 16
    }
    while i < count {
      body(Float.self, i)
      i += 1
    }
  }
}
