import Compute

/// What a part of a batch is trained for: a loss on an output of the network, and the memory that it needs.
/// One type, in one file, for each.
package protocol Objective: AnyObject {
  /// Where the loss is measured.
  var tap: Tap { get }
  /// Names of what is measured, for the columns of the history; the loss first.
  var measures: [String] { get }

  /// Makes room for batches; called once before training.
  ///
  /// - Parameters:
  ///   - samples: of the largest batch.
  ///   - length: numbers at the tap for each image.
  ///   - classes: of the labels.
  func prepare(samples: Int, length: Int, classes: Int)

  /// Measures the loss, writes its gradient, and adds what was measured to `sums`, one for each measure.
  func evaluate(_ batch: ObjectiveBatch, _ sums: inout [Measure])
}

extension Objective {
  package func prepare(samples: Int, length: Int, classes: Int) {}
}

/// The samples of a part of a batch, as the network sees them.
package struct ObjectiveBatch {
  /// Samples; with several views of each, the first views of all of them come first, then the second ones.
  package let samples: Int
  /// Numbers for each view.
  package let length: Int
  /// `[views · samples, length]`
  package let values: UnsafePointer<Float>
  /// To be written: of the shape of `values`.
  package let gradient: UnsafeMutablePointer<Float>
  /// The given labels, `[views · samples]`.
  package let labels: UnsafePointer<Int32>
  /// The samples as indices into their set, `[samples]`.
  package let members: ArraySlice<Int>
  /// Steps before this one.
  package let step: Int
  package let pool: WorkerPool

  package init(
    samples: Int, length: Int, values: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>,
    labels: UnsafePointer<Int32>, members: ArraySlice<Int>, step: Int, pool: WorkerPool
  ) {
    (self.samples, self.length, self.values, self.gradient) = (samples, length, values, gradient)
    (self.labels, self.members, self.step, self.pool) = (labels, members, step, pool)
  }
}

/// The mean of something over the samples of an epoch, so far.
package struct Measure: Hashable, Sendable, Codable {
  package var sum = 0.0
  package var count = 0.0

  package init() {}

  package mutating func add(_ sum: Double, over count: Int) {
    self.sum += sum
    self.count += Double(count)
  }

  /// 0 of nothing.
  package var mean: Double { count == 0 ? 0 : sum / count }
}
