import ArgumentParser
import Compute
import Foundation

/// What the machine can do at best.
struct MachineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "machine",
    abstract: "Measure one core's ceilings: multiply-adds, memory, matrix products.")

  func run() throws {
    print(String(format: "fused multiply-add   %7.0f GF/s", fusedMultiplyAdd()))
    print(String(format: "own panel product    %7.0f GF/s", panelProduct()))
    print(String(format: "OpenBLAS, 512x512    %7.0f GF/s", openBLAS()))
    print(String(format: "memory, copy         %7.1f GB/s (read and write)", copyBandwidth(64 << 20)))
    print(String(format: "third-level cache    %7.1f GB/s", copyBandwidth(1 << 20)))
    print(String(format: "second-level cache   %7.1f GB/s", copyBandwidth(48 << 10)))
  }

  private func fusedMultiplyAdd() -> Double {
    let rounds = 1_000_000
    // Sums of products of a panel that lies in the first-level cache: nothing but multiply-adds.
    let (a, b, c) = (FloatBuffer(count: 1024), FloatBuffer(count: 1024), FloatBuffer(count: 1024))
    let seconds = Timing.shortest {
      PanelProduct.multiply32(
        PanelProduct.Sum(middle: rounds / 16, inner: 16), a.pointer, a.pointer + 64, stride: 16,
        b.pointer, into: c.pointer, c.pointer + 128, stride: 32, accumulates: false)
    }
    return Double(rounds) * 16 * 32 / seconds / 1e9
  }

  private func panelProduct() -> Double {
    let (rows, inner, columns) = (48, 256, 256)
    let (a, b, c) = (
      FloatBuffer(count: rows * inner), FloatBuffer(count: inner * columns),
      FloatBuffer(count: rows * columns)
    )
    let seconds = Timing.shortest {
      for column in stride(from: 0, to: columns, by: 32) {
        for row in stride(from: 0, to: rows, by: 8) {
          let (start, place) = (a.pointer + row * inner, c.pointer + row * columns + column)
          PanelProduct.multiply32(
            PanelProduct.Sum(inner: inner), start, start + 4 * inner, stride: inner,
            b.pointer + column * inner, into: place, place + 4 * columns, stride: columns,
            accumulates: false)
        }
      }
    }
    return 2 * Double(rows * inner * columns) / seconds / 1e9
  }

  private func openBLAS() -> Double {
    let side = 512
    let (a, b, c) = (
      FloatBuffer(count: side * side), FloatBuffer(count: side * side), FloatBuffer(count: side * side)
    )
    let seconds = Timing.shortest {
      MatrixProduct.multiply(
        rows: side, columns: side, inner: side, a.pointer, stride: side, b.pointer, stride: side,
        into: c.pointer, stride: side)
    }
    return 2 * Double(side * side * side) / seconds / 1e9
  }

  private func copyBandwidth(_ count: Int) -> Double {
    let (a, b) = (FloatBuffer(count: count), FloatBuffer(count: count))
    let seconds = Timing.shortest { b.pointer.update(from: a.pointer, count: count) }
    return 2 * 4 * Double(count) / seconds / 1e9
  }
}
