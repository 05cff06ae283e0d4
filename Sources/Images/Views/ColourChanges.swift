/// Up to four changes of colours in their order.
///
/// Not an array, because views are drawn for every step of a training, which allocates nothing.
package struct ColourChanges: Hashable, Sendable {
  private var first: ContrastiveView.ColourChange?
  private var second: ContrastiveView.ColourChange?
  private var third: ContrastiveView.ColourChange?
  private var fourth: ContrastiveView.ColourChange?
  package let count: Int

  /// - Parameter changes: at most four, which is as many kinds as there are.
  package init(_ changes: [ContrastiveView.ColourChange]) {
    precondition(changes.count <= 4, "a view has at most four changes of colours")
    count = changes.count
    if count > 0 { first = changes[0] }
    if count > 1 { second = changes[1] }
    if count > 2 { third = changes[2] }
    if count > 3 { fourth = changes[3] }
  }

  init(
    _ first: ContrastiveView.ColourChange, _ second: ContrastiveView.ColourChange,
    _ third: ContrastiveView.ColourChange, _ fourth: ContrastiveView.ColourChange
  ) {
    self.first = first
    self.second = second
    self.third = third
    self.fourth = fourth
    count = 4
  }
}

extension ColourChanges: RandomAccessCollection, MutableCollection {
  package var startIndex: Int { 0 }
  package var endIndex: Int { count }

  package subscript(place: Int) -> ContrastiveView.ColourChange {
    get {
      let change =
        switch place {
        case 0: first
        case 1: second
        case 2: third
        default: fourth
        }
      guard indices.contains(place), let change else { preconditionFailure("no such change") }
      return change
    }
    set {
      precondition(indices.contains(place), "no such change")
      switch place {
      case 0: first = newValue
      case 1: second = newValue
      case 2: third = newValue
      default: fourth = newValue
      }
    }
  }
}
