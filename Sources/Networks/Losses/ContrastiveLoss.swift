import Compute
import Foundation

/// Which views attract each other in contrastive learning, besides the two of one sample: a sample is
/// drawn to both views of all members of its group.
///
/// Groups are numbers from 0; a negative one stands for none. A sample is a member of the group that it
/// is drawn to.
public struct ContrastiveGroups: Hashable, Sendable {
  /// The group whose members a sample is drawn to, `[samples]`.
  public let drawnTo: [Int32]
  /// The group that a sample is a member of, `[samples]`.
  public let memberOf: [Int32]

  public init(drawnTo: [Int32], memberOf: [Int32]) {
    precondition(drawnTo.count == memberOf.count)
    self.drawnTo = drawnTo
    self.memberOf = memberOf
  }

  /// The same group both ways.
  public init(_ groups: [Int32]) { self.init(drawnTo: groups, memberOf: groups) }

  /// The groups of the samples at `indices`.
  func subset(_ indices: ArraySlice<Int>) -> ContrastiveGroups {
    ContrastiveGroups(
      drawnTo: indices.map { drawnTo[$0] }, memberOf: indices.map { memberOf[$0] })
  }
}

/// The contrastive loss over two views of each sample: SimCLR's, SupCon's and the semi-supervised one
/// of the paper (Eq. 2, method 5.1), which differ in the groups alone.
///
/// With unit vectors z, N views and P(a) the views that attract view a,
/// L = (1/N) Σ_a −(T/T_b) · (1/|P(a)|) Σ_{p∈P(a)} [z_a·z_p/T − log Σ_{q≠a} exp(z_a·z_q/T)].
public struct ContrastiveLoss: Hashable, Sendable {
  /// T.
  public let temperature: Double
  /// T_b.
  public let baseTemperature: Double

  public init(temperature: Double = 0.1, baseTemperature: Double = 0.07) {
    precondition(temperature > 0 && baseTemperature > 0)
    self.temperature = temperature
    self.baseTemperature = baseTemperature
  }

  /// Numbers of scratch memory for `views` views.
  public static func scratchCount(views: Int) -> Int { views * views }

  private static let blockSize = 64

  /// Returns the loss and writes its gradient.
  ///
  /// One product of matrices forward and two backward; beyond the similarities of all pairs, nothing
  /// is kept.
  ///
  /// - Parameters:
  ///   - embeddings: unit vectors: the first views of all samples, then the second ones,
  ///     `[2 · samples, length]`.
  ///   - groups: of the samples, `[samples]`.
  ///   - scratch: room for `scratchCount` numbers.
  ///   - gradient: `[2 · samples, length]`
  public func evaluate(
    samples: Int, length: Int, embeddings: UnsafePointer<Float>, groups: ContrastiveGroups,
    scratch: UnsafeMutablePointer<Float>, gradient: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) -> Double {
    precondition(groups.memberOf.count == samples)
    let views = 2 * samples
    let blocks = Blocks(views, ofAtMost: Self.blockSize)
    var losses = [Double](repeating: 0, count: views)
    losses.withUnsafeMutableBufferPointer { losses in
      // Every task writes to rows of its own.
      nonisolated(unsafe) let losses = losses
      pool.run(blocks.blockCount) { block, _ in
        let rows = blocks[block]
        MatrixProduct.multiply(
          rows: rows.count, columns: views, inner: length, embeddings + rows.lowerBound * length,
          stride: length, embeddings, stride: length, into: scratch + rows.lowerBound * views,
          stride: views, transposingSecond: true)
        for view in rows {
          losses[view] = differentiate(
            view, of: samples, groups: groups, similarities: scratch + view * views)
        }
      }
    }
    pool.run(blocks.blockCount) { block, _ in
      let rows = blocks[block]
      let target = gradient + rows.lowerBound * length
      MatrixProduct.multiply(
        rows: rows.count, columns: length, inner: views, scratch + rows.lowerBound * views,
        stride: views, embeddings, stride: length, into: target, stride: length)
      MatrixProduct.multiply(
        rows: rows.count, columns: length, inner: views, scratch + rows.lowerBound, stride: views,
        embeddings, stride: length, into: target, stride: length, beta: 1, transposingFirst: true)
    }
    return losses.reduce(0, +) / Double(max(views, 1))
  }

  /// Returns the loss of one view, and puts its derivatives in the place of the similarities.
  private func differentiate(
    _ view: Int, of samples: Int, groups: ContrastiveGroups,
    similarities: UnsafeMutablePointer<Float>
  ) -> Double {
    let views = 2 * samples
    let sample = view < samples ? view : view - samples
    let partner = view < samples ? view + samples : view - samples
    let group = groups.drawnTo[sample]
    // Positive or not is asked twice for each pair: before and after the exponentials take its place.
    func isPositive(_ other: Int, _ member: Int) -> Bool {
      other == partner || (group >= 0 && other != view && groups.memberOf[member] == group)
    }
    similarities[view] = -.infinity
    var largest = -Float.infinity
    for other in 0..<views { largest = max(largest, similarities[other]) }
    var (attraction, positives) = (0.0, 0.0)
    for start in [0, samples] {
      for member in 0..<samples where isPositive(start + member, member) {
        attraction += Double(similarities[start + member])
        positives += 1
      }
    }
    let inverse = Float(1 / temperature)
    var sum = 0.0
    for other in 0..<views {
      let value = exp((similarities[other] - largest) * inverse)
      similarities[other] = value
      sum += Double(value)
    }
    // ∂L/∂(z_a·z_q), with T/T_b over T.
    let scale = 1 / (baseTemperature * Double(views))
    let share = Float(scale / sum)
    for other in 0..<views { similarities[other] *= share }
    let pull = Float(scale / positives)
    for start in [0, samples] {
      for member in 0..<samples where isPositive(start + member, member) {
        similarities[start + member] -= pull
      }
    }
    let logSum = Double(largest) / temperature + log(sum)
    return (temperature / baseTemperature) * (logSum - attraction / (temperature * positives))
  }
}
