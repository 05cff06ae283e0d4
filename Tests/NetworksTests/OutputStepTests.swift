import Compute
import Networks
import Testing

/// What a convolution does with its results against the same done afterwards.
@Suite struct OutputStepTests {
  static let shapes = [(9, 8, 8, 16, 32), (3, 7, 5, 17, 19), (5, 2, 2, 16, 16), (2, 9, 6, 3, 16), (1, 4, 4, 256, 256)]

  @Test(arguments: ConvolutionGridTests.Way.allCases, shapes)
  func normalization(
    way: ConvolutionGridTests.Way, sizes: (Int, Int, Int, Int, Int)
  ) throws {
    let shape = ConvolutionShape(
      batch: sizes.0, inputHeight: sizes.1, inputWidth: sizes.2, inputChannels: sizes.3,
      outputChannels: sizes.4, kernel: 3, stride: 1, padding: 1)
    let algorithm = try #require(way.algorithm(shape))
    let data = DirectReference(shape)
    let channels = shape.outputChannels
    let slope = FloatBuffer((0..<channels).map { 0.5 + Float($0 % 5) })
    let offset = FloatBuffer((0..<channels).map { Float($0 % 7) - 3 })
    let (raw, result) = (FloatBuffer(count: data.output.count), FloatBuffer(count: data.output.count))
    // The residual lies where the result will.
    let residual = (0..<data.output.count).map { Float($0 % 11) - 5 }
    _ = result.elements.update(fromContentsOf: residual)
    algorithm.forward(
      images: shape.batch, input: data.input.pointer, weights: data.weights.pointer,
      output: raw.pointer,
      step: .normalize(
        ChannelLine(
          slope: slope.pointer, offset: offset.pointer, residual: result.pointer,
          result: result.pointer, rectifies: true)))
    let expected = data.output.indices.map { index in
      let c = index % channels
      return max(0, slope.pointer[c] * data.output[index] + offset.pointer[c] + residual[index])
    }
    expectClose(result.array, expected, within: 5e-6, "\(shape), \(way.rawValue)")
  }

  @Test(arguments: ConvolutionGridTests.Way.allCases, shapes)
  func moments(way: ConvolutionGridTests.Way, sizes: (Int, Int, Int, Int, Int)) throws {
    let shape = ConvolutionShape(
      batch: sizes.0, inputHeight: sizes.1, inputWidth: sizes.2, inputChannels: sizes.3,
      outputChannels: sizes.4, kernel: 3, stride: 1, padding: 1)
    let algorithm = try #require(way.algorithm(shape))
    let data = DirectReference(shape)
    let channels = shape.outputChannels
    let moments = ChannelMoments(channels: channels)
    let raw = FloatBuffer(count: data.output.count)
    // Twice: what was measured before is forgotten.
    for _ in 0..<2 {
      algorithm.forward(
        images: shape.batch, input: data.input.pointer, weights: data.weights.pointer,
        output: raw.pointer, step: .measure(moments))
    }
    expectClose(raw.array, data.output, within: 5e-6, "\(shape), \(way.rawValue)")
    let rows = data.output.count / channels
    for c in 0..<channels {
      let values = (0..<rows).map { Double(data.output[$0 * channels + c]) }
      let mean = values.reduce(0, +) / Double(rows)
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let found = moments.combined(c)
      #expect(found.count == Double(rows))
      #expect(abs(found.mean - mean) <= 1e-5 * (squares / Double(rows)).squareRoot())
      #expect(abs(found.squares - squares) <= 1e-4 * squares)
    }
  }
}
