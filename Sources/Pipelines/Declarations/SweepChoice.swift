/// The value that a copy of a stage has for a variable of `each`.
package struct SweepChoice: Hashable, Sendable, Codable {
  package let variable: String
  package let value: String

  package init(_ variable: String, _ value: String) {
    self.variable = variable
    self.value = value
  }
}

extension [SweepChoice] {
  /// What follows the name of a stage in the name of its copy: `[attack=blend,rate=10%]`.
  var suffix: String {
    isEmpty ? "" : "[" + map { "\($0.variable)=\($0.value)" }.joined(separator: ",") + "]"
  }
}
