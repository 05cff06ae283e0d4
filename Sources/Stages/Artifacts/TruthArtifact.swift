import Attacks
import HDF5

/// What only evaluation may know of a poisoned training set.
///
///     /truth                  attributes attack, label_mode, target_class
///     /truth/attack_json      text            the attack with all its settings, as JSON
///     /truth/is_poisoned      uint8 [count]   1 for poisoned images
///     /truth/original_labels  int64 [count]   the labels before poisoning
struct TruthArtifact {
  let attack: any Attack
  let target: Int
  let isPoisoned: [Bool]
  let originalLabels: [Int]

  private static let groupName = "truth"
  private static let attackName = "attack_json"

  func write(to file: HDF5.File) throws {
    let group = try file.root.createGroup(
      Self.groupName,
      attributes: [
        "meaning": "ground truth, for evaluation alone: no other stage reads it",
        "attack": .string(type(of: attack).name),
        "label_mode": .string(attack.labelMode.rawValue), "target_class": .integer(target),
      ])
    try group.write(
      [Attacks.json(of: attack)], shape: [], to: Self.attackName,
      attributes: ["meaning": "the attack with all its settings, from which test images are triggered"])
    try group.write(
      isPoisoned.map { $0 ? UInt8(1) : 0 }, to: "is_poisoned",
      attributes: ["axes": "image", "meaning": "1: carries the trigger; 0: clean"])
    try group.write(
      originalLabels, to: "original_labels",
      attributes: ["axes": "image", "meaning": "the label before poisoning"])
  }

  /// Reads the truth; `nil` where the file has none.
  ///
  /// - Throws: `ArtifactError.attack` for an attack that this version does not know, or not in this form.
  static func read(_ file: HDF5.File) throws -> TruthArtifact? {
    guard let group = try file.root.groupIfPresent(groupName) else { return nil }
    return TruthArtifact(
      attack: try readAttack(group, in: file), target: try group.attribute("target_class"),
      isPoisoned: try group.read("is_poisoned", as: UInt8.self).map { $0 != 0 },
      originalLabels: try group.read("original_labels"))
  }

  private static func readAttack(_ group: HDF5.Group, in file: HDF5.File) throws -> any Attack {
    guard try group.contains(attackName) else {
      // An earlier version stored nothing but the name.
      throw ArtifactError.attack(
        .unreadable(attack: try group.attribute("attack")), in: file.path)
    }
    do {
      return try Attacks.attack(fromJSON: group.readString(attackName))
    } catch let error as AttackError {
      throw ArtifactError.attack(error, in: file.path)
    }
  }
}
