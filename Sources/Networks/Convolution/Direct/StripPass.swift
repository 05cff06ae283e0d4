import Compute

/// The forward pass of a direct convolution, or the backward one to its input.
final class StripPass {
  let strips: Strips
  private let panels: KernelPanels
  private let phases: [Phase]
  private var pass: LinePass { strips.pass }

  /// Results that take the same taps.
  private struct Phase {
    let lines: LinePass.Phase
    let columns: LinePass.Phase
    let taps: [Int]
    /// Taps of the phases before.
    let tapsBefore: Int
    let groups: [Group]
  }

  /// Up to four results that are neighbours in a line.
  private struct Group {
    /// The padded source of the first, in a strip.
    let source: Int
    /// The first, in the results of a strip.
    let result: Int
    let count: Int
  }

  init(_ pass: LinePass, panels: KernelPanels, kernel: Int) {
    strips = Strips(pass)
    self.panels = panels
    var phases: [Phase] = []
    var tapsBefore = 0
    for lines in pass.lines.phases {
      for columns in pass.columns.phases {
        let taps = lines.taps.flatMap { line in columns.taps.map { line * kernel + $0 } }
        phases.append(
          Phase(
            lines: lines, columns: columns, taps: taps, tapsBefore: tapsBefore,
            groups: Self.groups(strips, lines, columns)))
        tapsBefore += taps.count
      }
    }
    self.phases = phases
  }

  private static func groups(
    _ strips: Strips, _ lines: LinePass.Phase, _ columns: LinePass.Phase
  ) -> [Group] {
    let pass = strips.pass
    var groups: [Group] = []
    for image in 0..<strips.images {
      for line in 0..<min(strips.lines, lines.count) {
        for column in Swift.stride(from: 0, to: columns.count, by: 4) {
          let (y, x) = (
            line * pass.lines.resultStep + lines.first,
            column * pass.columns.resultStep + columns.first
          )
          groups.append(
            Group(
              source: image * strips.imageLength
                + (line * pass.lines.sourceStep + lines.offset) * pass.lineLength
                + (column * pass.columns.sourceStep + columns.offset) * pass.sourceChannels,
              result: ((image * pass.lines.result + y) * pass.columns.result + x)
                * pass.resultChannels,
              count: min(4, columns.count - column)))
        }
      }
    }
    return groups
  }

  /// Numbers in all packed panels.
  var panelsCount: Int {
    phases.reduce(0) { $0 + $1.taps.count } * panels.rows * panels.paddedColumns
  }

  private static let tileCount = 16 * 32
  var scratchCount: Int { strips.sourceCount + Self.tileCount }

  func run(
    images: Int, source: UnsafePointer<Float>, weights: UnsafePointer<Float>,
    result: UnsafeMutablePointer<Float>, accumulates: Bool, context: ExecutionContext
  ) {
    let packed = context.commonScratch
    pack(weights, into: packed, pool: context.pool)
    let resultSize = pass.lines.result * pass.columns.result * pass.resultChannels
    context.pool.run(strips.count(ofImages: images)) { index, worker in
      let strip = strips.strip(index, ofImages: images)
      let padded = context.scratch(of: worker)
      strips.copySource(strip, of: source, into: padded)
      let start =
        result + strip.images.lowerBound * resultSize
        + strip.lines.lowerBound * pass.lines.resultStep * pass.columns.result * pass.resultChannels
      for phase in phases {
        compute(
          phase, of: strip, source: padded, packed: packed, result: start,
          tile: padded + strips.sourceCount, accumulates: accumulates)
      }
    }
  }

  /// Packs every phase's panels: `[phase][panel][tap][row][column]`.
  private func pack(
    _ weights: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    pool.run(panels.panelCount) { panel, _ in
      let column = panel * PanelProduct.width
      for phase in phases {
        let base = packed + panels.rows * (phase.tapsBefore * panels.paddedColumns + column * phase.taps.count)
        let size = panels.rows * panels.panelWidth(at: column)
        for (index, tap) in phase.taps.enumerated() {
          panels.pack(weights, tap: tap, column: column, into: base + index * size)
        }
      }
    }
  }

  private func compute(
    _ phase: Phase, of strip: Strips.Strip, source: UnsafePointer<Float>,
    packed: UnsafePointer<Float>, result: UnsafeMutablePointer<Float>,
    tile: UnsafeMutablePointer<Float>, accumulates: Bool
  ) {
    let lines = min(strip.lines.upperBound, phase.lines.count) - strip.lines.lowerBound
    guard lines > 0 else { return }
    let count = strip.images.count * lines * ((phase.columns.count + 3) / 4)
    if phase.taps.isEmpty {
      if !accumulates { clear(phase, count: count, result: result) }
      return
    }
    let channels = pass.resultChannels
    let step = pass.columns.resultStep * channels
    let stride = pass.columns.sourceStep * pass.sourceChannels
    phase.groups.withUnsafeBufferPointer { groups in
      var column = 0
      while column < panels.paddedColumns {
        let width = panels.panelWidth(at: column)
        let panel =
          packed + panels.rows * (phase.tapsBefore * panels.paddedColumns + column * phase.taps.count)
        let inner = phase.columns.taps.count * panels.rows
        let sum = PanelProduct.Sum(
          middle: phase.lines.taps.count, middleStrides: (pass.lineLength, inner * width),
          inner: inner)
        let destination = result + column
        let columnsThere = min(width, channels - column)
        let groupsPerCall = width == 32 ? 2 : 4
        var index = 0
        while index < count {
          // The last call may have fewer groups than it computes.
          func at(_ k: Int) -> Group { groups[min(index + k, count - 1)] }
          let (g0, g1, g2, g3) = (at(0), at(1), at(2), at(3))
          let isWhole =
            index + groupsPerCall <= count && columnsThere == width
            && g0.count & g1.count & g2.count & g3.count == 4
          if isWhole {
            if width == 32 {
              PanelProduct.multiply32(
                sum, source + g0.source, source + g1.source, stride: stride, panel,
                into: destination + g0.result, destination + g1.result, stride: step,
                accumulates: accumulates)
            } else {
              PanelProduct.multiply16(
                sum, source + g0.source, source + g1.source, source + g2.source,
                source + g3.source, stride: stride, panel,
                into: destination + g0.result, destination + g1.result, destination + g2.result,
                destination + g3.result, stride: step, accumulates: accumulates)
            }
          } else {
            if width == 32 {
              PanelProduct.multiply32(
                sum, source + g0.source, source + g1.source, stride: stride, panel,
                into: tile, tile + 4 * width, stride: width, accumulates: false)
            } else {
              PanelProduct.multiply16(
                sum, source + g0.source, source + g1.source, source + g2.source,
                source + g3.source, stride: stride, panel,
                into: tile, tile + 4 * width, tile + 8 * width, tile + 12 * width, stride: width,
                accumulates: false)
            }
            for k in 0..<min(groupsPerCall, count - index) {
              let group = at(k)
              PanelTile.copy(
                tile + 4 * k * width, stride: width, rows: group.count, columns: columnsThere,
                into: destination + group.result, stride: step, accumulates: accumulates)
            }
          }
          index += groupsPerCall
        }
        column += PanelProduct.width
      }
    }
  }

  /// Results that no tap reaches.
  private func clear(_ phase: Phase, count: Int, result: UnsafeMutablePointer<Float>) {
    let channels = pass.resultChannels
    for group in phase.groups[..<count] {
      for k in 0..<group.count {
        (result + group.result + k * pass.columns.resultStep * channels)
          .update(repeating: 0, count: channels)
      }
    }
  }
}

/// The results of one product when not all of them are wanted.
enum PanelTile {
  /// Copies some rows and columns of a tile to where they belong, or adds them.
  @inline(__always)
  static func copy(
    _ tile: UnsafePointer<Float>, stride: Int, rows: Int, columns: Int,
    into result: UnsafeMutablePointer<Float>, stride resultStride: Int, accumulates: Bool
  ) {
    for row in 0..<rows {
      let (source, destination) = (tile + row * stride, result + row * resultStride)
      if accumulates {
        for column in 0..<columns { destination[column] += source[column] }
      } else {
        for column in 0..<columns { destination[column] = source[column] }
      }
    }
  }
}
