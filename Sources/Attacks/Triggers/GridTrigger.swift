import Images

/// A checkerboard or several, of 3 × 3 pixels in corners of the image, which overwrite what is there.
package struct GridTrigger: Trigger {
  /// A checkerboard and where it lies.
  private struct Place: Sendable {
    /// The first row, from the top, or from the bottom when negative.
    let row: Int
    let column: Int
    /// From the top row to the bottom one.
    let pattern: [[UInt8]]
  }

  private let places: [Place]

  private init(places: [Place]) { self.places = places }

  /// One in the bottom right corner, without a margin (BadNets).
  package init() { self.init(places: [Self.bottomRight]) }

  /// All four corners (label-consistent attack): at the bottom and at the right without a margin, at the top
  /// and at the left one pixel from the edge.
  package static let corners = GridTrigger(places: [
    bottomRight,
    Place(row: 1, column: 1, pattern: [[255, 0, 255], [0, 255, 0], [255, 0, 0]]),
    Place(row: -3, column: 1, pattern: [[255, 0, 0], [0, 255, 0], [255, 0, 255]]),
    Place(row: 1, column: -3, pattern: [[255, 0, 255], [0, 255, 0], [0, 0, 255]]),
  ])

  private static let bottomRight = Place(
    row: -3, column: -3, pattern: [[0, 0, 255], [0, 255, 0], [255, 0, 255]])

  /// So that the corners do not touch.
  package var smallestSide: Int { places.count == 1 ? 3 : 7 }

  package func stamp(for shape: ImageShape) -> Stamp {
    let places = places
    return { pixels, _ in
      for place in places {
        let top = place.row < 0 ? shape.height + place.row : place.row
        let left = place.column < 0 ? shape.width + place.column : place.column
        for (row, line) in place.pattern.enumerated() {
          for (column, value) in line.enumerated() {
            let pixel = (top + row) * shape.width + left + column
            for channel in 0..<shape.channels { pixels[pixel * shape.channels + channel] = value }
          }
        }
      }
    }
  }
}
