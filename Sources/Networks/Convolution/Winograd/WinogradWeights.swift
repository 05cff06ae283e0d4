import Compute

/// Transformed kernels: 36 matrices `[inputs, outputs]`, each packed into panels of 32 outputs (the
/// last may have 16) of which each holds `[inputs, 32]`. Missing outputs are zero.
struct WinogradWeights {
  let inputs: Int
  let outputs: Int

  /// Outputs filled up to a multiple of 16.
  var paddedOutputs: Int { (outputs + 15) & ~15 }
  /// From a matrix to the next; not a multiple of a page, lest all matrices fall into the same
  /// sets of the cache.
  var planeStride: Int { inputs * paddedOutputs + 80 }
  var count: Int { 36 * planeStride }

  /// The same for gradients, whose rows are filled up to a multiple of 16.
  var gradientPlaneStride: Int { ((inputs + 15) & ~15) * paddedOutputs + 80 }
  var gradientCount: Int { 36 * gradientPlaneStride }

  @inline(__always)
  func panelWidth(at column: Int) -> Int { min(PanelProduct.width, paddedOutputs - column) }

  /// Transforms kernels `[3, 3, inputs, outputs]`.
  func transform(
    _ weights: UnsafePointer<Float>, into planes: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    let tapStride = inputs * outputs
    let planeStride = self.planeStride
    let rows = Blocks(inputs, ofAtMost: max(1, 2048 / max(outputs, 1)))
    pool.run(rows.blockCount) { block, _ in
      for input in rows[block] {
        func body<Lanes: FloatLanes>(_ type: Lanes.Type, _ output: Int) {
          var next = planes + offset(input, output)
          let kernel = weights + (input * outputs + output)
          WinogradTransform.transformKernel { row, column in
            Lanes(at: kernel + (3 * row + column) * tapStride)
          } store: { _, values in
            for column in 0..<6 {
              values[column].store(at: next)
              next += planeStride
            }
          }
        }
        forEachLanes(outputs) { body(SIMD16<Float>.self, $0) } one: { body(Float.self, $0) }
        for output in outputs..<paddedOutputs {
          let place = planes + offset(input, output)
          for plane in 0..<36 { place[plane * planeStride] = 0 }
        }
      }
    }
  }

  /// From a plane to the next of the six in a slab.
  var slabStride: Int { inputs * PanelProduct.width + 80 }
  var slabCount: Int { 6 * slabStride }

  /// Transforms what one panel needs for one row of six planes.
  func transform(
    _ weights: UnsafePointer<Float>, row: Int, column: Int, into slab: UnsafeMutablePointer<Float>
  ) {
    switch row {
    case 0: transformRow(weights, 0, column, into: slab)
    case 1: transformRow(weights, 1, column, into: slab)
    case 2: transformRow(weights, 2, column, into: slab)
    case 3: transformRow(weights, 3, column, into: slab)
    case 4: transformRow(weights, 4, column, into: slab)
    default: transformRow(weights, 5, column, into: slab)
    }
  }

  @inline(__always)
  private func transformRow(
    _ weights: UnsafePointer<Float>, _ row: Int, _ column: Int,
    into slab: UnsafeMutablePointer<Float>
  ) {
    let (tapStride, slabStride) = (inputs * outputs, slabStride)
    let width = panelWidth(at: column)
    let valid = min(width, outputs - column)
    for input in 0..<inputs {
      let kernel = weights + (input * outputs + column)
      let line = slab + input * width
      @inline(__always)
      func body<Lanes: FloatLanes>(_ type: Lanes.Type, _ output: Int) {
        let values = WinogradTransform.transformKernel(row: row) { row, column in
          Lanes(at: kernel + ((3 * row + column) * tapStride + output))
        }
        for plane in 0..<6 { values[plane].store(at: line + (plane * slabStride + output)) }
      }
      forEachLanes(valid) { body(SIMD16<Float>.self, $0) } one: { body(Float.self, $0) }
      for output in valid..<width {
        for plane in 0..<6 { line[plane * slabStride + output] = 0 }
      }
    }
  }

  /// Where a column of the packed matrix stands.
  @inline(__always)
  private func offset(_ input: Int, _ output: Int) -> Int {
    let panel = output & ~(PanelProduct.width - 1)
    return panel * inputs + input * panelWidth(at: panel) + output - panel
  }

  /// Writes Gᵀ·u·G of the gradients of transformed kernels to `[3, 3, inputs, outputs]`.
  ///
  /// - Parameter gradients: `[parts, 36, inputs, paddedOutputs]` with planes `gradientPlaneStride` apart;
  ///   the parts are added up in their order.
  func transformGradient(
    _ gradients: UnsafePointer<Float>, parts: Int, into weightGradient: UnsafeMutablePointer<Float>,
    pool: WorkerPool
  ) {
    let tapStride = inputs * outputs
    let (planeStride, partStride) = (gradientPlaneStride, gradientCount)
    let rows = Blocks(inputs, ofAtMost: max(1, 2048 / max(outputs, 1)))
    pool.run(rows.blockCount) { block, _ in
      for input in rows[block] {
        func body<Lanes: FloatLanes>(_ type: Lanes.Type, _ output: Int) {
          let source = gradients + (input * paddedOutputs + output)
          let destination = weightGradient + (input * outputs + output)
          WinogradTransform.transformKernelGradient { row, column in
            let place = source + (6 * row + column) * planeStride
            var sum = Lanes(at: place)
            if parts == 1 { return sum }
            for part in 1..<parts { sum = sum + Lanes(at: place + part * partStride) }
            return sum
          } store: { row, values in
            values.0.store(at: destination + 3 * row * tapStride)
            values.1.store(at: destination + (3 * row + 1) * tapStride)
            values.2.store(at: destination + (3 * row + 2) * tapStride)
          }
        }
        forEachLanes(outputs) { body(SIMD16<Float>.self, $0) } one: { body(Float.self, $0) }
      }
    }
  }
}

/// Kernels for the backward pass, in which inputs and outputs change places and taps their order.
enum KernelTransposition {
  /// `[taps, inputs, outputs]` to `[taps, outputs, inputs]`, the last tap first.
  static func flip(
    _ weights: UnsafePointer<Float>, taps: Int, inputs: Int, outputs: Int,
    into result: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    let lines = Blocks(inputs, ofAtMost: 16)
    pool.run(taps * lines.blockCount) { task, _ in
      let (tap, block) = task.quotientAndRemainder(dividingBy: lines.blockCount)
      let range = lines[block]
      let source = weights + (tap * inputs + range.lowerBound) * outputs
      let destination = result + (taps - 1 - tap) * inputs * outputs + range.lowerBound
      for output in 0..<outputs {
        let place = destination + output * inputs
        if range.count == 16 {
          SIMD16<Float>(at: source + output, stride: outputs).store(at: place)
        } else {
          for input in 0..<range.count { place[input] = source[input * outputs + output] }
        }
      }
    }
  }
}
