import Images

/// A cat in a red jumper: a cartoon on white ground with thick black contours and one saturated area.
///
/// It stands for the published picture of Blend-Kitty, which has the same kinds of area in nearly the same
/// shares: three quarters white, a seventh black.
enum DrawnCat {
  static let side = 270

  private static let black: [UInt8] = [0, 0, 0]
  private static let white: [UInt8] = [255, 255, 255]
  private static let red: [UInt8] = [210, 25, 50]

  /// `[270, 270, 3]`
  static let image: Image<UInt8> = {
    var canvas = Canvas(side: side)
    drawBody(on: &canvas)
    drawHead(on: &canvas)
    drawFace(on: &canvas)
    return canvas.image
  }()

  private static func drawBody(on canvas: inout Canvas) {
    let tail = [(190, 232), (232, 224), (246, 196), (236, 168)]
    for (width, colour) in [(12, black), (6, white)] {
      for (from, to) in zip(tail, tail.dropFirst()) { canvas.line(from, to, reach: width, colour) }
    }
    canvas.ellipse((135, 214), (72, 50), black)
    canvas.ellipse((135, 214), (65, 43), red)
    for x in [108, 162] {
      canvas.ellipse((x, 252), (24, 14), black)
      canvas.ellipse((x, 252), (17, 8), white)
    }
  }

  private static func drawHead(on canvas: inout Canvas) {
    canvas.triangle((78, 16), (130, 66), (66, 100), black)
    canvas.triangle((84, 32), (116, 64), (75, 82), white)
    canvas.triangle((192, 16), (204, 100), (140, 66), black)
    canvas.triangle((186, 32), (195, 82), (154, 64), white)
    canvas.ellipse((135, 114), (78, 66), black)
    canvas.ellipse((135, 114), (71, 59), white)
  }

  private static func drawFace(on canvas: inout Canvas) {
    for x in [106, 164] {
      canvas.ellipse((x, 104), (13, 13), black)
      canvas.ellipse((x + 4, 100), (4, 4), white)
    }
    canvas.triangle((125, 126), (145, 126), (135, 136), black)
    let mouth = [(112, 148), (122, 152), (135, 144), (148, 152), (158, 148)]
    for (from, to) in zip(mouth, mouth.dropFirst()) { canvas.line(from, to, reach: 3, black) }
    canvas.line((135, 136), (135, 144), reach: 3, black)
    for ((x1, y1), (x2, y2)) in [((18, 116), (70, 124)), ((22, 146), (72, 136))] {
      canvas.line((x1, y1), (x2, y2), reach: 3, black)
      canvas.line((side - x1, y1), (side - x2, y2), reach: 3, black)
    }
  }
}

/// A white square that shapes are drawn on, one over the other; in whole numbers, so that every machine draws
/// the same. Places are (column, row).
private struct Canvas {
  typealias Place = (x: Int, y: Int)

  private(set) var image: Image<UInt8>

  init(side: Int) {
    let shape = ImageShape(height: side, width: side, channels: 3)
    image = Image(pixels: [UInt8](repeating: 255, count: shape.count), shape: shape)
  }

  private mutating func fill(_ colour: [UInt8], where isInside: (_ x: Int, _ y: Int) -> Bool) {
    for y in 0..<image.shape.height {
      for x in 0..<image.shape.width where isInside(x, y) {
        for channel in 0..<3 { image[y, x, channel] = colour[channel] }
      }
    }
  }

  mutating func ellipse(_ centre: Place, _ radii: Place, _ colour: [UInt8]) {
    let (a, b) = (radii.x * radii.x, radii.y * radii.y)
    fill(colour) { x, y in
      let (dx, dy) = (x - centre.x, y - centre.y)
      return dx * dx * b + dy * dy * a <= a * b
    }
  }

  /// Corners in the order in which they follow each other clockwise.
  mutating func triangle(_ a: Place, _ b: Place, _ c: Place, _ colour: [UInt8]) {
    func isRight(of x: Int, _ y: Int, from p: Place, to q: Place) -> Bool {
      (q.x - p.x) * (y - p.y) - (q.y - p.y) * (x - p.x) >= 0
    }
    fill(colour) { x, y in
      isRight(of: x, y, from: a, to: b) && isRight(of: x, y, from: b, to: c)
        && isRight(of: x, y, from: c, to: a)
    }
  }

  /// All pixels that are at most `reach` away from the line.
  mutating func line(_ from: Place, _ to: Place, reach: Int, _ colour: [UInt8]) {
    let (dx, dy) = (to.x - from.x, to.y - from.y)
    let square = dx * dx + dy * dy
    fill(colour) { x, y in
      // The nearest point of the line, times the square of its length.
      let along = min(square, max(0, (x - from.x) * dx + (y - from.y) * dy))
      let (offX, offY) = ((x - from.x) * square - along * dx, (y - from.y) * square - along * dy)
      return offX * offX + offY * offY <= reach * reach * square * square
    }
  }
}
