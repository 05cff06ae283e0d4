/// Finds the name that a misspelt one was meant to be.
package enum Suggestion {
  /// The candidate nearest to a name, if any is near enough to be worth a guess.
  ///
  /// A candidate qualifies with at most one typing error for every three characters, or when the name is its
  /// beginning. Of equally near ones, the first is taken. Of very many, not all are looked at.
  package static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
    guard name.count <= 100 else { return nil }
    let wanted = Array(name.lowercased())
    let limit = max(1, wanted.count / 3)
    var best: (name: String, distance: Int)?
    var completion: String?
    for candidate in candidates.prefix(500) where candidate != name {
      let letters = Array(candidate.lowercased())
      if abs(letters.count - wanted.count) <= limit {
        let distance = distance(wanted, letters)
        if distance <= limit, distance < wanted.count, distance < best?.distance ?? .max {
          best = (candidate, distance)
        }
      }
      if completion == nil, wanted.count >= 2, letters.starts(with: wanted) { completion = candidate }
    }
    return best?.name ?? completion
  }

  /// The Damerau-Levenshtein distance where no stretch is edited twice: the least number of inserted,
  /// deleted, replaced and swapped neighbouring characters that turn one word into the other.
  package static func distance(_ first: [Character], _ second: [Character]) -> Int {
    var beforePrevious: [Int] = []
    var previous = Array(0...second.count)
    for row in first.indices {
      var current = [row + 1]
      for column in second.indices {
        let isSame = first[row] == second[column]
        var least = min(
          previous[column + 1] + 1, current[column] + 1, previous[column] + (isSame ? 0 : 1))
        if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
          least = min(least, beforePrevious[column - 1] + 1)
        }
        current.append(least)
      }
      beforePrevious = previous
      previous = current
    }
    return previous[second.count]
  }
}

extension Diagnostic.Hint {
  /// The name that was probably meant; failing that, all that there are, if they are not too many.
  static func nearest(to name: String, among candidates: [String]) -> Diagnostic.Hint? {
    if let nearest = Suggestion.nearest(to: name, among: candidates) { return .didYouMean(nearest) }
    return (1...20).contains(candidates.count) ? .oneOf(candidates) : nil
  }
}
