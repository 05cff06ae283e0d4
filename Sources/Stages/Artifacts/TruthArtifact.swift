import Attacks
import HDF5

/// What only evaluation may know of a poisoned training set.
///
///     /truth                  attributes attack, target_class
///     /truth/is_poisoned      uint8 [count]   1 for poisoned images
///     /truth/original_labels  int64 [count]   the labels before poisoning
struct TruthArtifact {
  let attack: Attack
  let target: Int
  let isPoisoned: [Bool]
  let originalLabels: [Int]

  private static let groupName = "truth"

  func write(to file: HDF5.File) throws {
    let group = try file.root.createGroup(
      Self.groupName,
      attributes: [
        "meaning": "ground truth, for evaluation alone: no other stage reads it",
        "attack": .string(attack.rawValue), "target_class": .integer(target),
      ])
    try group.write(
      isPoisoned.map { $0 ? UInt8(1) : 0 }, to: "is_poisoned",
      attributes: ["axes": "image", "meaning": "1: carries the trigger; 0: clean"])
    try group.write(
      originalLabels, to: "original_labels",
      attributes: ["axes": "image", "meaning": "the label before poisoning"])
  }

  /// Reads the truth; `nil` where the file has none.
  static func read(_ file: HDF5.File) throws -> TruthArtifact? {
    guard let group = try file.root.groupIfPresent(groupName) else { return nil }
    let name: String = try group.attribute("attack")
    guard let attack = Attack(rawValue: name) else {
      throw ArtifactError.unknownWord(name, attribute: "attack", in: file.path)
    }
    return TruthArtifact(
      attack: attack, target: try group.attribute("target_class"),
      isPoisoned: try group.read("is_poisoned", as: UInt8.self).map { $0 != 0 },
      originalLabels: try group.read("original_labels"))
  }
}
