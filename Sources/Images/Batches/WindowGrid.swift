/// Windows of half an image's height and width, in so many rows and columns from edge to edge.
///
/// With three of each a pattern of up to a quarter of the height and width is whole in one of them, wherever it lies.
package struct WindowGrid: Hashable, Sendable {
  /// Rows of windows, and columns; 0 for none.
  package let side: Int

  package init(side: Int) {
    self.side = side
  }

  package var count: Int { side * side }

  /// The pixels of the window at `index`, row by row; one alone is in the middle.
  func window(_ index: Int, of shape: ImageShape) -> (rows: Range<Int>, columns: Range<Int>) {
    func range(_ place: Int, of length: Int) -> Range<Int> {
      let window = max(1, length / 2)
      let start = side > 1 ? (length - window) * place / (side - 1) : (length - window) / 2
      return start..<start + window
    }
    let (row, column) = index.quotientAndRemainder(dividingBy: max(1, side))
    return (range(row, of: shape.height), range(column, of: shape.width))
  }
}
