import Foundation
import Networks

/// A ResNet-18 in training mode as its definition says it, in double precision: loops over everything,
/// no memory reused. Weights under PyTorch's names, in PyTorch's axis order.
struct DoubleNetwork {
  /// `[channels][height][width]` of one image.
  typealias Planes = [[[Double]]]

  var weights: [String: [Double]] = [:]
  private var shapes: [String: [Int]] = [:]
  private let stem: Stem

  init(_ network: Network, stem: Stem) {
    self.stem = stem
    for parameter in network.parameters {
      weights[parameter.name] = parameter.exported(parameter.values).map(Double.init)
      shapes[parameter.name] = parameter.storedShape
    }
  }

  /// The mean cross-entropy of a batch.
  func loss(_ images: [Planes], labels: [Int]) -> Double {
    var batch = convolve(images, "conv1", stride: stem == .large || stem == .strided ? 2 : 1, padding: stem == .large ? 3 : 1)
    batch = rectify(normalize(batch, "bn1"))
    if stem == .maxPooling || stem == .large { batch = batch.map(maxPool) }
    for stage in 1...4 {
      for block in 0...1 {
        batch = residual(batch, "layer\(stage).\(block)", stride: stage > 1 && block == 0 ? 2 : 1)
      }
    }
    var sum = 0.0
    for (image, label) in zip(batch, labels) {
      let features = image.map { plane in
        plane.joined().reduce(0, +) / Double(plane.count * plane[0].count)
      }
      sum += crossEntropy(head(features), label)
    }
    return sum / Double(images.count)
  }

  private func residual(_ batch: [Planes], _ name: String, stride: Int) -> [Planes] {
    var inner = convolve(batch, name + ".conv1", stride: stride, padding: 1)
    inner = rectify(normalize(inner, name + ".bn1"))
    inner = normalize(convolve(inner, name + ".conv2", stride: 1, padding: 1), name + ".bn2")
    var shortcut = batch
    if weights[name + ".downsample.0.weight"] != nil {
      shortcut = convolve(batch, name + ".downsample.0", stride: stride, padding: 0)
      shortcut = normalize(shortcut, name + ".downsample.1")
    }
    return rectify(
      zip(inner, shortcut).map { a, b in
        zip(a, b).map { zip($0, $1).map { zip($0, $1).map { $0 + $1 } } }
      })
  }

  private func convolve(_ batch: [Planes], _ name: String, stride: Int, padding: Int) -> [Planes] {
    let weight = weights[name + ".weight", default: []]
    let shape = shapes[name + ".weight", default: []]
    let (outputs, inputs, kernel) = (shape[0], shape[1], shape[2])
    return batch.map { image in
      let (height, width) = (image[0].count, image[0][0].count)
      let rows = (height + 2 * padding - kernel) / stride + 1
      let columns = (width + 2 * padding - kernel) / stride + 1
      return (0..<outputs).map { output in
        (0..<rows).map { row in
          (0..<columns).map { column in
            var sum = 0.0
            for input in 0..<inputs {
              for i in 0..<kernel {
                let y = row * stride + i - padding
                guard (0..<height).contains(y) else { continue }
                for j in 0..<kernel {
                  let x = column * stride + j - padding
                  guard (0..<width).contains(x) else { continue }
                  sum += weight[((output * inputs + input) * kernel + i) * kernel + j] * image[input][y][x]
                }
              }
            }
            return sum
          }
        }
      }
    }
  }

  private func normalize(_ batch: [Planes], _ name: String) -> [Planes] {
    let scale = weights[name + ".weight", default: []]
    let shift = weights[name + ".bias", default: []]
    var result = batch
    for channel in scale.indices {
      let values = batch.flatMap { $0[channel].joined() }
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      let factor = scale[channel] / (variance + 1e-5).squareRoot()
      for image in batch.indices {
        result[image][channel] = batch[image][channel].map { row in
          row.map { ($0 - mean) * factor + shift[channel] }
        }
      }
    }
    return result
  }

  private func rectify(_ batch: [Planes]) -> [Planes] {
    batch.map { $0.map { $0.map { $0.map { max($0, 0) } } } }
  }

  /// 3x3, stride 2, padding 1.
  private func maxPool(_ image: Planes) -> Planes {
    image.map { plane in
      let (height, width) = (plane.count, plane[0].count)
      return (0..<(height + 1) / 2).map { row in
        (0..<(width + 1) / 2).map { column in
          var best = -Double.infinity
          for y in max(0, 2 * row - 1)...min(height - 1, 2 * row + 1) {
            for x in max(0, 2 * column - 1)...min(width - 1, 2 * column + 1) {
              best = max(best, plane[y][x])
            }
          }
          return best
        }
      }
    }
  }

  private func head(_ features: [Double]) -> [Double] {
    let weight = weights["fc.weight", default: []]
    return weights["fc.bias", default: []].enumerated().map { output, bias in
      features.enumerated().reduce(bias) { $0 + weight[output * features.count + $1.offset] * $1.element }
    }
  }
}

/// ln Σ exp(logits) − logits[label].
private func crossEntropy(_ logits: [Double], _ label: Int) -> Double {
  let top = logits.max() ?? 0
  return log(logits.reduce(0) { $0 + exp($1 - top) }) + top - logits[label]
}
