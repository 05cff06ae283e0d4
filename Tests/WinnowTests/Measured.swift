/// The counts that the README quotes, one line for each test: `swift test | grep measured`.
enum Measured {
  static func print(_ line: String) { Swift.print("measured: \(line)") }
}
