import Detection
import Reports

// MARK: - What would have been found

extension VerdictText {
  /// In a sentence, and what it rests on; nothing where it was not tried.
  var powerLines: [String] {
    guard let power else { return [] }
    let (found, missed) = (power.controls.filter(\.isFound), power.controls.filter { !$0.isFound })
    guard let first = power.controls.first else {
      return ["what would have been found was not tried: there are too few images or classes for it"]
    }
    var parts: [String] = []
    if !found.isEmpty { parts.append("\(list(found)) would have been found") }
    if !missed.isEmpty { parts.append("\(list(missed)) would not") }
    let placebos = power.controls.reduce(0) { $0 + $1.placebos }
    let named = power.controls.reduce(0) { $0 + $1.placebosNamed }
    let counts = power.controls.map { "\($0.name) \($0.named) of \($0.planted)" }.joined(separator: ", ")
    return [
      "tried with triggers of our own, in copies of the set: " + parts.joined(separator: "; "),
      "named of them: \(counts); of \(placebos) images with such patterns and their own labels: \(named); of the "
        + "others in the copies: \(power.othersNamed) (of \(first.total) images each)",
    ]
  }

  private func list(_ controls: [ControlOutcome]) -> String {
    controls.map { "\($0.phrase) on \(NumberFormat.percent($0.share)) of the images" }
      .joined(separator: ", ")
  }
}
