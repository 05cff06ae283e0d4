import Compute

/// The lower triangle L of a symmetric matrix LLᵀ.
struct CholeskyFactor {
  private let count: Int
  /// `[count, count]`; what is above the diagonal is not read.
  private var values: [Double]

  /// Of AAᵀ/n + ridge·I.
  ///
  /// - Parameters:
  ///   - factors: the rows of A, `[count, …]`.
  ///   - divisor: n.
  ///   - ridge: of 0 or less, nothing is factorised.
  init(ofProducts factors: [Float], count: Int, over divisor: Double, adding ridge: Double, pool: WorkerPool) {
    self.count = count
    values = [Double](repeating: 0, count: count * count)
    guard ridge > 0, count > 0 else { return }
    let length = factors.count / count
    factors.withUnsafeBufferPointer { factors in
      values.withUnsafeMutableBufferPointer { values in
        nonisolated(unsafe) let (factors, values) = (factors, values)
        pool.run(count) { row, _ in
          for column in 0...row {
            let other = UnsafeBufferPointer(rebasing: factors[column * length..<(column + 1) * length])
            values[row * count + column] = DotProduct.of(factors, from: row * length, other) / divisor
          }
        }
        Self.factorize(values, count, adding: ridge)
      }
    }
  }

  /// Row by row.
  private static func factorize(_ values: UnsafeMutableBufferPointer<Double>, _ count: Int, adding ridge: Double) {
    for row in 0..<count {
      for column in 0...row {
        var value = values[row * count + column] + (row == column ? ridge : 0)
        let known = UnsafeBufferPointer(values)
        value -= DotProduct.of(known, from: row * count, known, from: column * count, count: column)
        values[row * count + column] =
          row == column ? max(value, ridge * 1e-9).squareRoot() : value / values[column * count + column]
      }
    }
  }

  /// Solves LLᵀ x = `vector`.
  func solved(_ vector: [Double]) -> [Double] {
    var result = vector
    values.withUnsafeBufferPointer { values in
      result.withUnsafeMutableBufferPointer { result in
        for row in 0..<count {
          result[row] -= DotProduct.of(values, from: row * count, UnsafeBufferPointer(result), from: 0, count: row)
          result[row] /= values[row * count + row]
        }
        for row in (0..<count).reversed() {
          result[row] /= values[row * count + row]
          let value = result[row]
          for column in 0..<row { result[column] -= values[row * count + column] * value }
        }
      }
    }
    return result
  }
}
