import Compute
import Networks

/// Convolutions by their definition, in double precision.
struct DirectReference {
  let shape: ConvolutionShape
  let images: Int
  let input: FloatBuffer
  /// `[kernel, kernel, inputs, outputs]`
  let weights: FloatBuffer
  let outputGradient: FloatBuffer
  private(set) var output: [Float]
  private(set) var inputGradient: [Float]
  private(set) var weightGradient: [Float]

  /// Draws normal inputs, weights and output gradients and computes what belongs to them.
  init(_ shape: ConvolutionShape, images: Int? = nil, seed: UInt64 = 1) {
    self.shape = shape
    self.images = images ?? shape.batch
    var stream = RandomStream(seed: seed, purpose: RandomPurpose("convolution test"))
    func normal(_ count: Int) -> FloatBuffer {
      FloatBuffer((0..<count).map { _ in Float(stream.normal()) })
    }
    let inputCount =
      self.images * shape.inputHeight * shape.inputWidth * shape.inputChannels
    let outputCount =
      self.images * shape.outputHeight * shape.outputWidth * shape.outputChannels
    input = normal(inputCount)
    weights = normal(shape.weightCount)
    outputGradient = normal(outputCount)
    var sums = [Double](repeating: 0, count: outputCount)
    var inputSums = [Double](repeating: 0, count: inputCount)
    var weightSums = [Double](repeating: 0, count: shape.weightCount)
    let (inputs, outputs) = (shape.inputChannels, shape.outputChannels)
    let (x, w, dy) = (input.pointer, weights.pointer, outputGradient.pointer)
    for image in 0..<self.images {
      for row in 0..<shape.outputHeight {
        for column in 0..<shape.outputWidth {
          let pixel = (image * shape.outputHeight + row) * shape.outputWidth + column
          for tap in 0..<(shape.kernel * shape.kernel) {
            let y = row * shape.stride + tap / shape.kernel - shape.padding
            let z = column * shape.stride + tap % shape.kernel - shape.padding
            guard y >= 0, y < shape.inputHeight, z >= 0, z < shape.inputWidth else { continue }
            let source = ((image * shape.inputHeight + y) * shape.inputWidth + z) * inputs
            for c in 0..<inputs {
              let kernel = (tap * inputs + c) * outputs
              let value = Double(x[source + c])
              var gradient = 0.0
              for k in 0..<outputs {
                let slope = Double(dy[pixel * outputs + k])
                sums[pixel * outputs + k] += value * Double(w[kernel + k])
                gradient += slope * Double(w[kernel + k])
                weightSums[kernel + k] += value * slope
              }
              inputSums[source + c] += gradient
            }
          }
        }
      }
    }
    output = sums.map { Float($0) }
    inputGradient = inputSums.map { Float($0) }
    weightGradient = weightSums.map { Float($0) }
  }

  /// The largest relative distance of the passes of an algorithm, with the pass that has it.
  ///
  /// Outputs are first filled with other numbers, which none may shine through.
  func distance(of algorithm: any ConvolutionAlgorithm) -> (pass: String, distance: Double) {
    let found = FloatBuffer(count: output.count)
    found.fill(with: 3)
    algorithm.forward(
      images: images, input: input.pointer, weights: weights.pointer, output: found.pointer)
    var distances = [("forward", relativeDistance(found.array, output))]
    let foundInput = FloatBuffer(count: inputGradient.count)
    foundInput.fill(with: 3)
    algorithm.backwardToInput(
      images: images, outputGradient: outputGradient.pointer, weights: weights.pointer,
      inputGradient: foundInput.pointer, accumulate: false)
    distances.append(("backward to input", relativeDistance(foundInput.array, inputGradient)))
    algorithm.backwardToInput(
      images: images, outputGradient: outputGradient.pointer, weights: weights.pointer,
      inputGradient: foundInput.pointer, accumulate: true)
    distances.append(
      ("added to input", relativeDistance(foundInput.array, inputGradient.map { 2 * $0 })))
    let foundWeights = FloatBuffer(count: weightGradient.count)
    foundWeights.fill(with: 3)
    algorithm.backwardToWeights(
      images: images, input: input.pointer, outputGradient: outputGradient.pointer,
      weightGradient: foundWeights.pointer)
    distances.append(("backward to weights", relativeDistance(foundWeights.array, weightGradient)))
    let worst = distances.max { $0.1.isNaN || !$1.1.isNaN && $0.1 > $1.1 ? false : true }
    return worst.map { (pass: $0.0, distance: $0.1) } ?? (pass: "", distance: .infinity)
  }
}
