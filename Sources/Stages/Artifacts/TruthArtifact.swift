import Attacks
import HDF5
import Images

/// What only evaluation may know of a poisoned training set.
///
///     /truth/attackers/N             attributes attack, label_mode, target_class of the Nth attacker, from 1
///     /truth/attackers/N/attack_json text            the attack with all its settings, as JSON
///     /truth/is_poisoned             uint8 [count]   1 for poisoned images
///     /truth/attacker                int64 [count]   which attacker poisoned the image; 0: none
///     /truth/original_labels         int64 [count]   the labels before poisoning
///
/// Pictures that an attack puts on images are in its JSON, in base 64: test images are triggered without any
/// other file.
struct TruthArtifact {
  /// In the order in which they poisoned the set; at least one.
  let attackers: [Attacker]
  /// For each image the index of its attacker; `nil` for clean ones.
  let attackerIndices: [Int?]
  let originalLabels: [Int]

  var isPoisoned: [Bool] { attackerIndices.map { $0 != nil } }

  private static let groupName = "truth"
  private static let attackersName = "attackers"
  private static let attackName = "attack_json"

  init(_ set: PoisonedImageSet) {
    self.init(
      attackers: set.attackers, attackerIndices: set.attackerIndices,
      originalLabels: set.originalLabels)
  }

  private init(attackers: [Attacker], attackerIndices: [Int?], originalLabels: [Int]) {
    self.attackers = attackers
    self.attackerIndices = attackerIndices
    self.originalLabels = originalLabels
  }

  func write(to file: HDF5.File) throws {
    let group = try file.root.createGroup(
      Self.groupName,
      attributes: ["meaning": "ground truth, for evaluation alone: no other stage reads it"])
    for (index, attacker) in attackers.enumerated() {
      let place = try group.createGroup(
        "\(Self.attackersName)/\(index + 1)",
        attributes: [
          "attack": .string(type(of: attacker.attack).name),
          "label_mode": .string(attacker.attack.labelMode.rawValue),
          "target_class": .integer(attacker.target),
        ])
      try place.write(
        [Attacks.json(of: attacker.attack)], shape: [], to: Self.attackName,
        attributes: [
          "meaning": "the attack with all its settings, from which test images are triggered"
        ])
    }
    try group.write(
      isPoisoned.map { $0 ? UInt8(1) : 0 }, to: "is_poisoned",
      attributes: ["axes": "image", "meaning": "1: carries a trigger; 0: clean"])
    try group.write(
      attackerIndices.map { $0.map { $0 + 1 } ?? 0 }, to: "attacker",
      attributes: ["axes": "image", "meaning": "which of /truth/attackers poisoned it; 0: none"])
    try group.write(
      originalLabels, to: "original_labels",
      attributes: ["axes": "image", "meaning": "the label before poisoning"])
  }

  /// Reads the truth; `nil` where the file has none.
  ///
  /// - Throws: `ArtifactError.attack` for an attack that this version does not know, or not in this form.
  static func read(_ file: HDF5.File) throws -> TruthArtifact? {
    guard let group = try file.root.groupIfPresent(groupName) else { return nil }
    let attackers = try readAttackers(group, in: file)
    let indices: [Int] = try group.read("attacker")
    if let unknown = indices.first(where: { !(0...attackers.count).contains($0) }) {
      throw ArtifactError.unknownWord("\(unknown)", attribute: "attacker", in: file.path)
    }
    let labels: [Int] = try group.read("original_labels")
    guard labels.count == indices.count else {
      throw ArtifactError.differentCounts("labels", labels.count, "attackers", indices.count)
    }
    return TruthArtifact(
      attackers: attackers, attackerIndices: indices.map { $0 == 0 ? nil : $0 - 1 },
      originalLabels: labels)
  }

  private static func readAttackers(
    _ group: HDF5.Group, in file: HDF5.File
  ) throws -> [Attacker] {
    guard let places = try group.groupIfPresent(attackersName) else {
      // Earlier versions stored one attack, elsewhere.
      throw ArtifactError.attack(
        .unreadable(attack: try? group.attribute("attack")), in: file.path)
    }
    return try (1...max(1, places.names.count)).map { number in
      let place = try places.group("\(number)")
      do {
        return Attacker(
          attack: try Attacks.attack(fromJSON: place.readString(attackName)),
          target: try place.attribute("target_class"))
      } catch let error as AttackError {
        throw ArtifactError.attack(error, in: file.path)
      }
    }
  }
}
