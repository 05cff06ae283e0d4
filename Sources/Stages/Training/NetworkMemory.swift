import Foundation
import Networks
import Pipelines

/// The memory that a network takes for batches of some size, against what this machine has.
///
/// The system hands out memory that it does not have, and kills the process when it is used. So a network
/// that cannot fit is refused before it is made.
struct NetworkMemory {
  /// In bytes: parameters with gradient and momentum, and all activations. Scratch memory comes on top.
  let needed: Double

  /// - Parameters:
  ///   - capacity: images in a batch, every view for itself.
  ///   - comparesPairs: whether all pairs of images in a batch are compared, as in contrastive learning.
  init(_ configuration: ResidualNetworkConfiguration, capacity: Int, comparesPairs: Bool = false) {
    var weights = 0.0
    var activations = Double(
      configuration.height * configuration.imageWidth * configuration.inputChannels)
    var (height, width) = (configuration.height, configuration.imageWidth)
    var channels = configuration.inputChannels

    /// Moves on to a convolution's output, kept before and after normalisation, and returns its size.
    func convolve(_ outputs: Int, kernel: Int, stride: Int) -> Double {
      weights += Double(kernel * kernel) * Double(channels) * Double(outputs)
      (height, width) = ((height + stride - 1) / stride, (width + stride - 1) / stride)
      channels = outputs
      let size = Double(height * width) * Double(outputs)
      activations += 2 * size
      return size
    }

    let stem = convolve(
      configuration.width, kernel: configuration.stem == .large ? 7 : 3,
      stride: configuration.stem.stride)
    if configuration.stem.hasPooling {
      (height, width) = ((height + 1) / 2, (width + 1) / 2)
      activations += Double(height * width * channels)
    }
    for (stage, factor) in [1, 2, 4, 8].enumerated() {
      for index in 0..<2 {
        let stride = stage > 0 && index == 0 ? 2 : 1
        _ = convolve(factor * configuration.width, kernel: 3, stride: stride)
        _ = convolve(factor * configuration.width, kernel: 3, stride: 1)
      }
    }
    // Three buffers for gradients, as large as the largest activation.
    activations += 3 * stem
    let pairs = comparesPairs ? Double(capacity) * Double(capacity) : 0
    needed = 4 * (3 * weights + Double(capacity) * activations + pairs)
  }

  /// Checks that a network can be made.
  ///
  /// - Throws: `NetworkMemoryError`.
  static func require(
    _ configuration: ResidualNetworkConfiguration, capacity: Int, comparesPairs: Bool = false
  ) throws {
    let needed = NetworkMemory(configuration, capacity: capacity, comparesPairs: comparesPairs).needed
    let available = available
    guard needed > available else { return }
    throw NetworkMemoryError(
      width: configuration.width, batch: capacity,
      image: "\(configuration.height)×\(configuration.imageWidth)", needed: needed, available: available)
  }

  /// What this process may use, in bytes: the machine's memory, or less where a limit is set.
  static var available: Double {
    let limits = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
      .compactMap { try? String(contentsOfFile: $0, encoding: .utf8) }
      .compactMap { Double($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    var addressSpace = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &addressSpace)
    let physical = Double(ProcessInfo.processInfo.physicalMemory)
    return ([physical, Double(addressSpace.rlim_cur)] + limits).min() ?? physical
  }
}

/// A network that no batch of would fit into memory.
struct NetworkMemoryError: Error, Hashable {
  let width: Int
  let batch: Int
  /// "32×32"
  let image: String
  /// In bytes.
  let needed: Double
  let available: Double
}

extension NetworkMemoryError: CustomStringConvertible, ErrorWithExitStatus {
  var description: String {
    """
    a network of width \(width) with batches of \(batch) images of \(image) needs at least \
    \(gigabytes(needed)) of memory, and there are \(gigabytes(available)); lower 'width' or 'batch'
    """
  }

  var exitStatus: ExitStatus { .data }

  private func gigabytes(_ bytes: Double) -> String { String(format: "%.1f GB", bytes / 1e9) }
}
