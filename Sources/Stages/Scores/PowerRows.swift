import Attacks
import Detection
import HDF5

/// What became of controls, as rows in a verdict's artifact (see `VerdictArtifact`).
enum PowerRows {
  private static let groupName = "power"

  static func write(_ power: DetectionPower, to root: HDF5.Group) throws {
    let group = try root.createGroup(
      groupName,
      attributes: [
        "axes": "control", "others_named": .integer(power.othersNamed),
        "meaning": "what the same stages found of triggers of our own, in copies of the set",
        "found": "1: its class is called poisoned, and half of its images at least are named",
      ])
    let rows = power.controls
    try group.write(rows.map(\.name), to: "kind")
    try group.write(rows.map(\.target), to: "target_class")
    try group.write(rows.map(\.total), to: "total")
    try group.write(rows.map(\.planted), to: "planted")
    try group.write(rows.map(\.named), to: "named")
    try group.write(rows.map(\.placebos), to: "placebos")
    try group.write(rows.map(\.placebosNamed), to: "placebos_named")
    try group.write(rows.map { $0.isCalled ? UInt8(1) : 0 }, to: "called")
    try group.write(rows.map { $0.isFound ? UInt8(1) : 0 }, to: "found")
  }

  static func readIfPresent(_ root: HDF5.Group) throws -> DetectionPower? {
    guard let group = try root.groupIfPresent(groupName) else { return nil }
    func numbers(_ name: String) throws -> [Int] { try group.read(name) }
    let names = try group.readStrings("kind")
    let (targets, totals) = (try numbers("target_class"), try numbers("total"))
    let (planted, named) = (try numbers("planted"), try numbers("named"))
    let (placebos, placebosNamed) = (try numbers("placebos"), try numbers("placebos_named"))
    let called = try group.read("called", as: UInt8.self)
    for found in [targets, totals, planted, named, placebos, placebosNamed, called.map(Int.init)]
    where found.count != names.count {
      throw ArtifactError.differentCounts("rows of /power", found.count, "kinds", names.count)
    }
    return DetectionPower(
      controls: names.indices.map { row in
        ControlOutcome(
          name: names[row], phrase: ControlKind(rawValue: names[row])?.phrase ?? names[row],
          target: targets[row], total: totals[row], planted: planted[row], named: named[row],
          placebos: placebos[row], placebosNamed: placebosNamed[row], isCalled: called[row] != 0)
      }, othersNamed: try group.attribute("others_named"))
  }
}
