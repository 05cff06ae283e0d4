/// The red, green and blue values of an image one after the other, as whole numbers from 0 to 255.
///
/// Agrees bit for bit with Pillow on bytes, and so with torchvision on Pillow images: blends are
/// rounded down, and hues are turned in a cylinder whose coordinates are bytes. The loops have no
/// branches, so that the compiler makes vectors of them.
struct ColourPlanes {
  let count: Int
  let red: UnsafeMutablePointer<Float>
  let green: UnsafeMutablePointer<Float>
  let blue: UnsafeMutablePointer<Float>
  /// Scratch memory for `count` numbers.
  let grey: UnsafeMutablePointer<Float>

  /// - Parameter values: room for four planes; the first three are the image.
  init(_ values: UnsafeMutablePointer<Float>, count: Int) {
    self.count = count
    red = values
    green = values + count
    blue = values + 2 * count
    grey = values + 3 * count
  }

  func apply(_ change: ContrastiveView.ColourChange) {
    switch change {
    case .brightness(let factor):
      for plane in [red, green, blue] { blend(plane, with: 0, factor) }
    case .contrast(let factor):
      let mean = meanGrey()
      for plane in [red, green, blue] { blend(plane, with: mean, factor) }
    case .saturation(let factor):
      computeGrey()
      for plane in [red, green, blue] { blendWithGrey(plane, factor) }
    case .hue(let share):
      turnHue(by: share)
    }
  }

  func makeGrey() {
    computeGrey()
    for plane in [red, green, blue] { plane.update(from: grey, count: count) }
  }

  /// The largest whole number that is not above `value`, which is from 0 to 2²².
  @inline(__always)
  private static func wholePart(_ value: Float) -> Float {
    let nearest = (value + 0x1p23) - 0x1p23
    return nearest > value ? nearest - 1 : nearest
  }

  @inline(__always)
  private static func wholePart(_ value: Double) -> Double {
    let nearest = (value + 0x1p52) - 0x1p52
    return nearest > value ? nearest - 1 : nearest
  }

  @inline(__always)
  private static func blended(_ value: Float, with base: Float, _ factor: Float) -> Float {
    let sum = base + factor * (value - base)
    let low = sum < 0 ? 0 : sum
    return wholePart(low > 255 ? 255 : low)
  }

  private func blend(_ plane: UnsafeMutablePointer<Float>, with base: Float, _ factor: Float) {
    Self.blend(plane, count: count, with: base, factor)
  }

  /// Moves `count` values away from `base`, or towards it.
  static func blend(
    _ plane: UnsafeMutablePointer<Float>, count: Int, with base: Float, _ factor: Float
  ) {
    for i in 0..<count { plane[i] = blended(plane[i], with: base, factor) }
  }

  private func blendWithGrey(_ plane: UnsafeMutablePointer<Float>, _ factor: Float) {
    for i in 0..<count { plane[i] = Self.blended(plane[i], with: grey[i], factor) }
  }

  /// 0.299 red + 0.587 green + 0.114 blue with 16 fractional bits, to the nearest. The sums are whole
  /// numbers below 2²⁴: nothing is rounded before the end.
  private func computeGrey() {
    for i in 0..<count {
      let sum = red[i] * 19595 + green[i] * 38470 + blue[i] * 7471 + 32768
      grey[i] = Self.wholePart(sum * 0x1p-16)
    }
  }

  private func meanGrey() -> Float {
    computeGrey()
    return Self.mean(grey, count: count)
  }

  /// The mean of `count` whole numbers from 0 to 255, to the nearest.
  static func mean(_ plane: UnsafeMutablePointer<Float>, count: Int) -> Float {
    var sum = 0
    for i in 0..<count { sum &+= Int(unsafeWhole: plane[i]) }
    return Float(Int(Double(sum) / Double(count) + 0.5))
  }

  /// To hue, saturation and value, each a byte; the hue goes on by `share` of 255; and back.
  private func turnHue(by share: Double) {
    let shift = Float(UInt8(truncatingIfNeeded: Int(share * 255)))
    let (red, green, blue) = (red, green, blue)
    for i in 0..<count {
      let (r, g, b) = (red[i], green[i], blue[i])
      let upper = r > g ? r : g
      let lower = r < g ? r : g
      let most = upper > b ? upper : b
      let least = lower < b ? lower : b
      let range = most - least
      let divisor: Float = range == 0 ? 1 : range
      let isRed = r == most
      let isGreen = g == most
      let ahead = isRed ? b : isGreen ? r : g
      let behind = isRed ? g : isGreen ? b : r
      let sector: Double = isRed ? 0 : isGreen ? 2 : 4
      let angle = Float(
        sector + Double((most - ahead) / divisor) - Double((most - behind) / divisor))
      let turn = Double(angle) / 6 + 1
      let part = Float(turn >= 1 ? turn - 1 : turn)
      let hue = range == 0 ? 0 : Float(Self.wholePart(Double(part) * 255))
      let saturation = Float(Self.wholePart(Double(range / (most == 0 ? 1 : most)) * 255))

      let moved = hue + shift
      let newHue = moved > 255 ? moved - 256 : moved
      let position = Double(newHue) * 6 / 255
      let whole = Self.wholePart(position)
      let step = Float(position - whole)
      let depth = Float(Double(saturation) / 255)
      // How far the colour that falls and the one that rises are below the brightest.
      let falling = Double(depth * step)
      let rising = Double(depth) * (1 - Double(step))
      let full = Double(depth)
      let k = whole == 6 ? 0 : whole
      let redLoss = k == 0 || k == 5 ? 0 : k == 1 ? falling : k == 4 ? rising : full
      let greenLoss = k == 1 || k == 2 ? 0 : k == 3 ? falling : k == 0 ? rising : full
      let blueLoss = k == 3 || k == 4 ? 0 : k == 5 ? falling : k == 2 ? rising : full
      let value = Double(most)
      red[i] = Float(Self.wholePart(value * (1 - redLoss) + 0.5))
      green[i] = Float(Self.wholePart(value * (1 - greenLoss) + 0.5))
      blue[i] = Float(Self.wholePart(value * (1 - blueLoss) + 0.5))
    }
  }
}

extension Int {
  /// A whole number that is known to be small; no check.
  @inline(__always)
  fileprivate init(unsafeWhole value: Float) {
    self = Int(truncatingIfNeeded: Int32(bitPattern: (value + 0x1p23).bitPattern & 0x7F_FFFF))
  }
}
