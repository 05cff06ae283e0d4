/// What a series is drawn in. The colours themselves are CSS variables, which differ in light and dark; they
/// are told apart with any colour vision (after Okabe and Ito).
package enum ChartColour: String, CaseIterable, Hashable, Sendable {
  case grey, green, red, blue, orange, purple

  /// The class of the elements that have it.
  var cssClass: String { "c-\(rawValue)" }

  /// For series that mean nothing special, one after the other.
  package static func series(_ index: Int) -> ChartColour {
    let all: [ChartColour] = [.blue, .orange, .green, .purple, .red, .grey]
    return all[index % all.count]
  }
}
