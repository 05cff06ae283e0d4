/// What images are shifted and scaled by before a network sees them: (value / 255 − mean) / deviation.
package struct Normalization: Hashable, Sendable {
  /// The mean of each channel, on the scale from 0 to 1.
  package let mean: [Float]

  /// The standard deviation of each channel, on the scale from 0 to 1.
  package let standardDeviation: [Float]

  package init(mean: [Float], standardDeviation: [Float]) {
    precondition(mean.count == standardDeviation.count, "one of each per channel")
    precondition(standardDeviation.allSatisfy { $0 > 0 }, "deviations are positive")
    self.mean = mean
    self.standardDeviation = standardDeviation
  }

  /// The constants of the published scripts for CIFAR-10.
  package static let cifar10 = Normalization(
    mean: [0.4914, 0.4822, 0.4465], standardDeviation: [0.2023, 0.1994, 0.2010])

  /// The constants of the published scripts for the split and the repair on CIFAR-100.
  package static let cifar100 = Normalization(
    mean: [0.5070751592371323, 0.48654887331495095, 0.4409178433670343],
    standardDeviation: [0.2673342858792401, 0.2564384629170883, 0.27615047132568404])

  /// The constants of torchvision's pretrained models.
  package static let imagenet = Normalization(
    mean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225])

  /// The constants of the published scripts for the subset of ImageNet.
  package static let imagenetSubset = Normalization(
    mean: [0.4802, 0.4481, 0.3975], standardDeviation: [0.2302, 0.2265, 0.2262])

  /// Mean and standard deviation of all pixels of `images`; 1 for a channel without any variation.
  package init(measuredFrom images: ImageSet) {
    let channels = images.shape.channels
    var histograms = [Int](repeating: 0, count: 256 * channels)
    var channel = 0
    for value in images.pixels {
      histograms[256 * channel + Int(value)] += 1
      channel = channel + 1 == channels ? 0 : channel + 1
    }
    let moments = (0..<channels).map { channel in
      let histogram = histograms[256 * channel..<256 * (channel + 1)]
      var (count, sum, squares) = (0, 0, 0)
      for (value, frequency) in histogram.enumerated() {
        count += frequency
        sum += frequency * value
        squares += frequency * value * value
      }
      let mean = Double(sum) / Double(max(1, count))
      let variance = Double(squares) / Double(max(1, count)) - mean * mean
      return (mean: mean / 255, deviation: variance > 0 ? variance.squareRoot() / 255 : 1)
    }
    self.init(
      mean: moments.map { Float($0.mean) }, standardDeviation: moments.map { Float($0.deviation) })
  }

  /// A value of `channel` on the scale from 0 to 1, as the network sees it.
  package func callAsFunction(_ value: Float, channel: Int) -> Float {
    (value - mean[channel]) / standardDeviation[channel]
  }
}
