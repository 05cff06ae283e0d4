import Compute

/// The numbers of a map `[images, height, width, channels]`: as they lie in memory, or computed when they are read.
protocol MapSource {
  /// Those of neighbouring channels from `c` on, of which the first is at `index`.
  func lanes<Lanes: FloatLanes>(_ type: Lanes.Type, at index: Int, channel c: Int) -> Lanes
}

/// A map in memory.
struct StoredMap: MapSource {
  let values: UnsafePointer<Float>

  @inline(__always)
  func lanes<Lanes: FloatLanes>(_ type: Lanes.Type, at index: Int, channel c: Int) -> Lanes {
    Lanes(at: values + index)
  }
}

/// The gradient before batch normalisation, computed from the one behind it: slope · g + inputSlope · x + offset for
/// each channel, x being what was normalised.
package struct NormalizedGradient: MapSource {
  /// `[images, height, width, channels]`
  package let gradient: UnsafePointer<Float>
  /// Of the same shape.
  package let input: UnsafePointer<Float>
  /// `[channels]`, as the next two.
  package let slope: UnsafePointer<Float>
  package let inputSlope: UnsafePointer<Float>
  package let offset: UnsafePointer<Float>

  package init(
    gradient: UnsafePointer<Float>, input: UnsafePointer<Float>, slope: UnsafePointer<Float>,
    inputSlope: UnsafePointer<Float>, offset: UnsafePointer<Float>
  ) {
    self.gradient = gradient
    self.input = input
    self.slope = slope
    self.inputSlope = inputSlope
    self.offset = offset
  }

  @inline(__always)
  func lanes<Lanes: FloatLanes>(_ type: Lanes.Type, at index: Int, channel c: Int) -> Lanes {
    lanes(type, at: index, inputAt: index, channel: c)
  }

  /// The same where rows of the input are farther apart.
  @inline(__always)
  func lanes<Lanes: FloatLanes>(
    _ type: Lanes.Type, at index: Int, inputAt inputIndex: Int, channel c: Int
  ) -> Lanes {
    Lanes(at: offset + c)
      .addingProduct(Lanes(at: gradient + index), Lanes(at: slope + c))
      .addingProduct(Lanes(at: input + inputIndex), Lanes(at: inputSlope + c))
  }
}
