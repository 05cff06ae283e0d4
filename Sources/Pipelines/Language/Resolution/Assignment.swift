/// One value for each of some sweeps: what tells the copies of a stage apart.
struct Assignment: Hashable {
  /// For sweeps, by their place among the variables, the place of the value among the sweep's.
  private(set) var choices: [Int: Int] = [:]

  subscript(sweep: Int) -> Int? {
    get { choices[sweep] }
    set { choices[sweep] = newValue }
  }

  func restricted(to sweeps: Set<Int>) -> Assignment {
    Assignment(choices: choices.filter { sweeps.contains($0.key) })
  }

  /// Whether both choose the same value of every sweep that both know.
  func agrees(with other: Assignment) -> Bool {
    choices.allSatisfy { other.choices[$0.key] ?? $0.value == $0.value }
  }
}
