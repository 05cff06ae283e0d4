/// What the networks are trained on that foretell which labels contradict their images (see `ContradictionRule`):
/// two for each pass, on half of the images each.
package enum ContradictionRecipe {
  /// Into so many a set is divided: each is judged by the network that is trained on the other.
  package static let halves = 2

  /// What is told apart.
  package static let classNames = ["agrees", "contradicts"]

  /// The images that the network of a half is trained on: those with a target that are in the other one.
  ///
  /// - Parameter halves: The half of each image, `[count]`.
  /// - Returns: `nil` where they do not have both targets.
  package static func members(targets: [Int?], halves: [Int], half: Int) -> [Int]? {
    let members = targets.indices.filter { halves[$0] != half && targets[$0] != nil }
    let marked = members.count { targets[$0] == 1 }
    return marked > 0 && marked < members.count ? members : nil
  }
}
