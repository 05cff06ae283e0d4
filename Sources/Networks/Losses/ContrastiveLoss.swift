import Compute
import Foundation

/// Which views attract each other in contrastive learning, besides the two of one sample: a sample is
/// drawn to both views of all members of its group.
///
/// Groups are numbers from 0; a negative one stands for none. A sample is a member of the group that it
/// is drawn to.
package struct ContrastiveGroups: Hashable, Sendable {
  /// The group whose members a sample is drawn to, `[samples]`.
  package let drawnTo: [Int32]
  /// The group that a sample is a member of, `[samples]`.
  package let memberOf: [Int32]

  package init(drawnTo: [Int32], memberOf: [Int32]) {
    precondition(drawnTo.count == memberOf.count)
    self.drawnTo = drawnTo
    self.memberOf = memberOf
  }

  /// The same group both ways.
  package init(_ groups: [Int32]) { self.init(drawnTo: groups, memberOf: groups) }
}

/// The contrastive loss over two views of each sample: SimCLR's, SupCon's and the semi-supervised one
/// of the paper (Eq. 2, method 5.1), which differ in the groups alone.
///
/// With unit vectors z, N views and P(a) the views that attract view a,
/// L = (1/N) Σ_a −(T/T_b) · (1/|P(a)|) Σ_{p∈P(a)} [z_a·z_p/T − log Σ_{q≠a} exp(z_a·z_q/T)].
package struct ContrastiveLoss: Hashable, Sendable {
  /// T.
  package let temperature: Double
  /// T_b.
  package let baseTemperature: Double

  package init(temperature: Double = 0.1, baseTemperature: Double = 0.07) {
    precondition(temperature > 0 && baseTemperature > 0)
    self.temperature = temperature
    self.baseTemperature = baseTemperature
  }

  /// Memory that an evaluation needs.
  package final class Workspace {
    /// The most samples that there is room for.
    package let samples: Int
    /// Similarities of all pairs, and what takes their place: `[views, views]`.
    fileprivate let pairs: FloatBuffer
    /// Of each view.
    fileprivate let losses: UnsafeMutablePointer<Double>
    /// The groups of the samples at hand.
    fileprivate let drawnTo: UnsafeMutablePointer<Int32>
    fileprivate let memberOf: UnsafeMutablePointer<Int32>

    package init(samples: Int) {
      self.samples = samples
      pairs = FloatBuffer(count: 4 * samples * samples)
      losses = .allocate(capacity: 2 * samples)
      losses.initialize(repeating: 0, count: 2 * samples)
      drawnTo = .allocate(capacity: samples)
      drawnTo.initialize(repeating: -1, count: samples)
      memberOf = .allocate(capacity: samples)
      memberOf.initialize(repeating: -1, count: samples)
    }

    deinit {
      losses.deallocate()
      drawnTo.deallocate()
      memberOf.deallocate()
    }

    fileprivate func select(_ members: ArraySlice<Int>, of groups: ContrastiveGroups) {
      for (sample, member) in members.enumerated() {
        drawnTo[sample] = groups.drawnTo[member]
        memberOf[sample] = groups.memberOf[member]
      }
    }
  }

  private static let blockSize = 64

  /// Returns the loss and writes its gradient.
  ///
  /// One product of matrices forward and two backward; beyond the similarities of all pairs, nothing
  /// is kept.
  ///
  /// - Parameters:
  ///   - embeddings: unit vectors: the first views of all members, then the second ones,
  ///     `[2 · members, length]`.
  ///   - groups: of all samples that there are.
  ///   - members: the samples at hand, as indices into `groups`.
  ///   - workspace: has room for all members.
  ///   - gradient: `[2 · members, length]`
  package func evaluate(
    length: Int, embeddings: UnsafePointer<Float>, groups: ContrastiveGroups,
    members: ArraySlice<Int>, workspace: Workspace, gradient: UnsafeMutablePointer<Float>,
    pool: WorkerPool
  ) -> Double {
    precondition(members.count <= workspace.samples)
    workspace.select(members, of: groups)
    let samples = members.count
    let views = 2 * samples
    let blocks = Blocks(views, ofAtMost: Self.blockSize)
    let pairs = workspace.pairs.pointer
    // Every task writes to rows of its own.
    pool.run(blocks.blockCount) { block, _ in
      let rows = blocks[block]
      MatrixProduct.multiply(
        rows: rows.count, columns: views, inner: length, embeddings + rows.lowerBound * length,
        stride: length, embeddings, stride: length, into: pairs + rows.lowerBound * views,
        stride: views, transposingSecond: true)
      for view in rows {
        workspace.losses[view] = differentiate(
          view, of: samples, workspace: workspace, similarities: pairs + view * views)
      }
    }
    pool.run(blocks.blockCount) { block, _ in
      let rows = blocks[block]
      let target = gradient + rows.lowerBound * length
      MatrixProduct.multiply(
        rows: rows.count, columns: length, inner: views, pairs + rows.lowerBound * views,
        stride: views, embeddings, stride: length, into: target, stride: length)
      MatrixProduct.multiply(
        rows: rows.count, columns: length, inner: views, pairs + rows.lowerBound, stride: views,
        embeddings, stride: length, into: target, stride: length, beta: 1, transposingFirst: true)
    }
    var sum = 0.0
    for view in 0..<views { sum += workspace.losses[view] }
    return sum / Double(max(views, 1))
  }

  /// Returns the loss of one view, and puts its derivatives in the place of the similarities.
  private func differentiate(
    _ view: Int, of samples: Int, workspace: Workspace,
    similarities: UnsafeMutablePointer<Float>
  ) -> Double {
    let views = 2 * samples
    let sample = view < samples ? view : view - samples
    let partner = view < samples ? view + samples : view - samples
    let group = workspace.drawnTo[sample]
    let memberOf = workspace.memberOf
    // Positive or not is asked twice for each pair: before and after the exponentials take its place.
    func isPositive(_ other: Int, _ member: Int) -> Bool {
      other == partner || (group >= 0 && other != view && memberOf[member] == group)
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
