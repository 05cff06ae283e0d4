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
  /// Results are first filled with other numbers, of which none may shine through, and what lies behind
  /// them is to stay: it is infinitely far if not.
  func distance(of algorithm: any ConvolutionAlgorithm) -> (pass: String, distance: Double) {
    var distances: [(pass: String, distance: Double)] = []
    func compare(_ pass: String, _ memory: FloatBuffer, with expected: [Float]) {
      let isIntact = memory.elements[expected.count...].allSatisfy { $0 == 3 }
      let found = Array(memory.elements[..<expected.count])
      distances.append((pass, isIntact ? relativeDistance(found, expected) : .infinity))
    }
    func memory(_ count: Int) -> FloatBuffer {
      let result = FloatBuffer(count: count + 64)
      result.fill(with: 3)
      return result
    }
    let found = memory(output.count)
    algorithm.forward(
      images: images, input: input.pointer, weights: weights.pointer, output: found.pointer)
    compare("forward", found, with: output)
    let foundInput = memory(inputGradient.count)
    algorithm.backwardToInput(
      images: images, outputGradient: outputGradient.pointer, weights: weights.pointer,
      inputGradient: foundInput.pointer, accumulate: false)
    compare("backward to input", foundInput, with: inputGradient)
    algorithm.backwardToInput(
      images: images, outputGradient: outputGradient.pointer, weights: weights.pointer,
      inputGradient: foundInput.pointer, accumulate: true)
    compare("added to input", foundInput, with: inputGradient.map { 2 * $0 })
    let foundWeights = memory(weightGradient.count)
    algorithm.backwardToWeights(
      images: images, input: input.pointer, outputGradient: outputGradient.pointer,
      weightGradient: foundWeights.pointer)
    compare("backward to weights", foundWeights, with: weightGradient)
    return distances.max { !$0.distance.isNaN && ($1.distance.isNaN || $0.distance < $1.distance) }
      ?? (pass: "", distance: .infinity)
  }
}
