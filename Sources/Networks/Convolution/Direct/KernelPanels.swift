import Compute

/// Kernels `[taps, inputs, outputs]` packed for `PanelProduct`: for every panel of 32 (or, the last
/// one, 16) columns the rows of the chosen taps, one tap after the other. Missing columns are zero.
struct KernelPanels {
  let inputs: Int
  let outputs: Int
  /// Whether a column is an input and a row an output: the backward pass.
  let isTransposed: Bool

  var rows: Int { isTransposed ? outputs : inputs }
  var columns: Int { isTransposed ? inputs : outputs }
  var paddedColumns: Int { (columns + 15) & ~15 }
  var panelCount: Int { (paddedColumns + PanelProduct.width - 1) / PanelProduct.width }

  @inline(__always)
  func panelWidth(at column: Int) -> Int { min(PanelProduct.width, paddedColumns - column) }

  /// Packs one tap of the panel that begins at `column`: `[rows, panelWidth]`.
  func pack(
    _ weights: UnsafePointer<Float>, tap: Int, column: Int,
    into panel: UnsafeMutablePointer<Float>
  ) {
    let kernel = weights + tap * inputs * outputs
    let width = panelWidth(at: column)
    let valid = min(width, columns - column)
    if valid < width { panel.update(repeating: 0, count: rows * width) }
    if isTransposed {
      for c in stride(from: 0, to: valid, by: 16) {
        let source = kernel + (column + c) * outputs
        for row in 0..<rows {
          let place = panel + (row * width + c)
          if c + 16 <= valid {
            SIMD16<Float>(at: source + row, stride: outputs).store(at: place)
          } else {
            for rest in 0..<(valid - c) { place[rest] = source[rest * outputs + row] }
          }
        }
      }
    } else {
      for row in 0..<rows {
        let (source, destination) = (kernel + row * outputs + column, panel + row * width)
        forEachLanes(valid) {
          SIMD16<Float>(at: source + $0).store(at: destination + $0)
        } one: {
          destination[$0] = source[$0]
        }
      }
    }
  }
}
