import Compute
import Foundation

/// A function of each number by itself; dense input and output.
final class PointwiseLayer: Layer {
  enum Function { case rectifier, sigmoid }

  private let function: Function
  private let input: TensorView
  private let output: TensorView
  private let context: ExecutionContext

  init(_ function: Function, input: TensorView, output: TensorView, context: ExecutionContext) {
    self.function = function
    self.input = input
    self.output = output
    self.context = context
  }

  func forward(images: Int, _ pass: ForwardPass) {
    let channels = input.shape.channels
    TensorView.forEachRange(of: input.rows(images), pool: context.pool) { range in
      for i in (range.lowerBound * channels)..<(range.upperBound * channels) {
        let x = input.pointer[i]
        switch function {
        case .rectifier: output.pointer[i] = x <= 0 ? 0 : x
        case .sigmoid: output.pointer[i] = 1 / (1 + exp(-x))
        }
      }
    }
  }

  func backward(images: Int, _ gradients: LayerGradients) {
    guard let target = gradients.inputs[0] else { return }
    let channels = input.shape.channels
    let (gradient, result) = (gradients.output.pointer, target.view.pointer)
    TensorView.forEachRange(of: input.rows(images), pool: context.pool) { range in
      for i in (range.lowerBound * channels)..<(range.upperBound * channels) {
        let y = output.pointer[i]
        let own =
          switch function {
          case .rectifier: y <= 0 ? 0 : gradient[i]
          case .sigmoid: gradient[i] * y * (1 - y)
          }
        result[i] = target.accumulates ? result[i] + own : own
      }
    }
  }
}

/// In training each number is zero with some probability, and the others grow to keep the mean.
///
/// Which are zero is a function of the training's seed and step, the layer and the image.
final class DropoutLayer: Layer {
  private let rate: Double
  private let node: Int
  private let input: TensorView
  private let output: TensorView
  private let context: ExecutionContext
  /// What each number was multiplied by, for the backward pass; none for inference, which drops nothing.
  private let factors: FloatBuffer

  init(
    rate: Double, node: Int, input: TensorView, output: TensorView, capacity: Int,
    context: ExecutionContext, for use: NetworkUse
  ) {
    self.rate = rate
    self.node = node
    self.input = input
    self.output = output
    self.context = context
    factors = FloatBuffer(count: use == .inference ? 0 : capacity * input.shape.count)
  }

  func forward(images: Int, _ pass: ForwardPass) {
    let count = input.shape.count
    guard factors.count > 0 else {
      return output.pointer.update(from: input.pointer, count: images * count)
    }
    let drops = pass.mode.usesBatchStatistics
    let kept = Float(1 / (1 - rate))
    context.pool.run(images) { image, _ in
      let start = image * count
      var stream = RandomStream(
        seed: pass.seed, purpose: RandomPurpose("dropout"), epoch: pass.step,
        sample: node << 20 | image)
      for i in start..<(start + count) {
        let factor = !drops ? 1 : Double(stream.nextWord()) < rate * 0x1p32 ? 0 : kept
        factors.pointer[i] = factor
        output.pointer[i] = input.pointer[i] * factor
      }
    }
  }

  func backward(images: Int, _ gradients: LayerGradients) {
    guard let target = gradients.inputs[0] else { return }
    let (gradient, result) = (gradients.output.pointer, target.view.pointer)
    for i in 0..<(images * input.shape.count) {
      let own = gradient[i] * factors.pointer[i]
      result[i] = target.accumulates ? result[i] + own : own
    }
  }
}

/// Multiplied by a number that is set.
final class ScalingLayer: Layer {
  var factor: Float = 1
  private let input: TensorView
  private let output: TensorView

  init(input: TensorView, output: TensorView) {
    self.input = input
    self.output = output
  }

  func forward(images: Int, _ pass: ForwardPass) {
    for i in 0..<(images * input.shape.count) { output.pointer[i] = input.pointer[i] * factor }
  }

  func backward(images: Int, _ gradients: LayerGradients) {
    guard let target = gradients.inputs[0] else { return }
    for i in 0..<(images * input.shape.count) {
      let own = gradients.output.pointer[i] * factor
      target.view.pointer[i] = target.accumulates ? target.view.pointer[i] + own : own
    }
  }
}

/// Each image's vector divided by its length.
final class UnitLengthLayer: Layer {
  private let input: TensorView
  private let output: TensorView
  /// Of each image's vector.
  private let lengths: FloatBuffer

  init(input: TensorView, output: TensorView, capacity: Int) {
    self.input = input
    self.output = output
    lengths = FloatBuffer(count: capacity)
  }

  private static let smallestLength: Float = 1e-12

  func forward(images: Int, _ pass: ForwardPass) {
    let count = input.shape.count
    for image in 0..<images {
      let (source, result) = (input.pointer + image * count, output.pointer + image * count)
      var square: Float = 0
      for i in 0..<count { square += source[i] * source[i] }
      let length = max(square.squareRoot(), Self.smallestLength)
      lengths.pointer[image] = length
      for i in 0..<count { result[i] = source[i] / length }
    }
  }

  /// What points along a vector does not turn it.
  func backward(images: Int, _ gradients: LayerGradients) {
    guard let target = gradients.inputs[0] else { return }
    let count = input.shape.count
    for image in 0..<images {
      let unit = output.pointer + image * count
      let source = gradients.output.pointer + image * count
      let result = target.view.pointer + image * count
      var along: Float = 0
      for i in 0..<count { along += source[i] * unit[i] }
      let length = lengths.pointer[image]
      for i in 0..<count {
        let own = (source[i] - along * unit[i]) / length
        result[i] = target.accumulates ? result[i] + own : own
      }
    }
  }
}
