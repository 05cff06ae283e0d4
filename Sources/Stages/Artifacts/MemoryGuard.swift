import Compute
import Foundation
import Networks
import Pipelines

/// Refuses networks that cannot fit into this machine's memory, before they are made.
package enum MemoryGuard {
  /// Checks that a network can be made.
  ///
  /// - Parameters:
  ///   - capacity: images in a batch, every view for itself.
  ///   - taps: where losses are measured; none for a network that is only evaluated.
  ///   - comparesPairs: whether all pairs of images in a batch are compared, as in contrastive learning.
  /// - Throws: `NetworkMemoryError`.
  static func require(
    _ plan: NetworkPlan, of description: ModelDescription, capacity: Int,
    trainingAt taps: Set<Tap> = [], comparesPairs: Bool = false
  ) throws {
    let pairs = comparesPairs ? 4 * Double(capacity) * Double(capacity) : 0
    let image = description.image
    try require(
      plan.memory(capacity: capacity, trainingAt: taps) + pairs, width: description.width, batch: capacity,
      image: (image.height, image.width))
  }

  /// - Parameters:
  ///   - needed: in bytes.
  ///   - width: of the network, where there are several.
  static func require(
    _ needed: Double, width: Int? = nil, batch: Int, image: (height: Int, width: Int)
  ) throws {
    let available = available
    guard needed > available else { return }
    throw NetworkMemoryError(
      width: width, batch: batch, image: "\(image.height)×\(image.width)", needed: needed, available: available)
  }

  /// What this process may use, in bytes: the machine's memory, or less where a limit is set.
  package static var available: Double {
    let limits = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
      .compactMap { try? String(contentsOfFile: $0, encoding: .utf8) }
      .compactMap { Double($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    let physical = Double(ProcessInfo.processInfo.physicalMemory)
    return ([physical, addressSpaceLeft] + limits).min() ?? physical
  }

  /// What a limit of the address space (`ulimit -v`) leaves: libraries and threads count there too, and so does what
  /// OpenBLAS takes for each thread that multiplies. It asks again without end where there is nothing left for it.
  private static var addressSpaceLeft: Double {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    guard limit.rlim_cur != rlim_t.max else { return .infinity }
    let pages =
      (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?
      .split(separator: " ").first.flatMap { Double($0) } ?? 0
    let products = Double(MatrixProduct.bufferSize * WorkerPool.defaultThreadCount)
    return max(0, Double(limit.rlim_cur) - pages * Double(sysconf(Int32(_SC_PAGESIZE))) - products)
  }
}

/// A network no batch of which would fit into memory.
struct NetworkMemoryError: Error, Hashable {
  let width: Int?
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
    a network\(width.map { " of width \($0)" } ?? "") with batches of \(batch) images of \(image) needs at least \
    \(gigabytes(needed)) of memory, and there are \(gigabytes(available)); lower \(width == nil ? "" : "'width' or ")'batch'
    """
  }

  var exitStatus: ExitStatus { .data }

  private func gigabytes(_ bytes: Double) -> String { String(format: "%.1f GB", bytes / 1e9) }
}
