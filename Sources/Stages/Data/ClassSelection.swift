import Images
import Pipelines
import Reports

/// Some of a set's classes, by name or by number.
struct ClassSelection {
  private let words: [String]

  init(_ words: [String]) { self.words = words }

  /// The classes in the order that they have in the set, each once. A word that is the name of a class means that;
  /// others are numbers, counted from 0.
  ///
  /// - Throws: `ClassSelectionError` for a word that is neither.
  func labels(among classNames: [String]) throws(ClassSelectionError) -> [Int] {
    let numbers = Dictionary(classNames.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var chosen: Set<Int> = []
    for word in words {
      guard let label = numbers[word] ?? Int(word).flatMap({ classNames.indices.contains($0) ? $0 : nil }) else {
        throw ClassSelectionError(word: word, classNames: classNames)
      }
      chosen.insert(label)
    }
    return chosen.sorted()
  }
}

/// A word for a class that the set does not have.
struct ClassSelectionError: Error, Hashable, CustomStringConvertible, ErrorWithExitStatus {
  let word: String
  let classNames: [String]

  var description: String {
    let count = classNames.count
    if Int(word) != nil { return "there is no class \(word): the \(count) classes have the numbers 0 to \(count - 1)" }
    if let nearest = Suggestion.nearest(to: word, among: classNames) {
      return "there is no class '\(word.printable)'; did you mean '\(nearest.printable)'?"
    }
    let names = classNames.lazy.map { "'\($0.printable)'" }.listed(most: 12)
    return "there is no class '\(word.printable)'; there are \(names)"
  }

  var exitStatus: ExitStatus { .data }
}
