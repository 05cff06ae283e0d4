import Attacks
import Images
import TestSupport
import Testing

/// Several attackers on one set, and attacks on perturbed images.
@Suite struct SeveralAttackersTests {
  private func images() throws -> ImageSet { try randomSet(labels: (0..<400).map { $0 % 4 }, classCount: 4) }

  /// The second passes over what the first has poisoned; both have the numbers of one alone.
  @Test func noImageIsPoisonedTwice() throws {
    let clean = try images()
    let first = try Poisoning(attack: BadNetsAllToOne(), rate: 0.4, target: 0, seed: 1).apply(to: clean)
    let second = try Poisoning(attack: BlendStrip(), rate: 0.4, target: 1, seed: 1).apply(to: first)
    #expect(second.attackers.map(\.target) == [0, 1])
    #expect(second.attackers.map { type(of: $0.attack).name } == ["badnets-all2one", "blend-strip"])
    #expect(second.originalLabels == clean.labels)
    for number in 0..<2 { #expect(second.attackerIndices.count { $0 == number } == 120) }
    for index in 0..<400 {
      switch second.attackerIndices[index] {
      case 0:
        #expect(first.attackerIndices[index] == 0)
        #expect(clean.labels[index] != 0 && second.images.labels[index] == 0)
        #expect(try second.images[index] == GridTrigger().stamped(clean[index]))
      case 1:
        #expect(first.attackerIndices[index] == nil)
        #expect(clean.labels[index] != 1 && second.images.labels[index] == 1)
        #expect(try second.images[index] == StripeTrigger().stamped(clean[index]))
      default:
        #expect(second.images[index] == clean[index])
        #expect(second.images.labels[index] == clean.labels[index])
      }
    }
  }

  @Test func tooFewAreLeft() throws {
    let first = try Poisoning(attack: BadNetsAllToOne(), rate: 0.8, target: 0, seed: 1).apply(to: images())
    let error = #expect(throws: AttackError.self) {
      try Poisoning(attack: BlendStrip(), rate: 0.5, target: 0, seed: 2).apply(to: first)
    }
    #expect(
      error?.description == "150 images are to be poisoned, but the attack may poison only 60, since 240 "
        + "are poisoned already; lower the rate, or take it of the candidates")
  }

  /// CL: perturbed pixels first, then the corners; test images are not perturbed.
  @Test func perturbedImages() throws {
    let clean = try images()
    let members = clean.labels.indices.filter { clean.labels[$0] == 2 }
    let other = try randomSet(labels: members.map { _ in 2 }, classCount: 4, seed: 9)
    let perturbed = PerturbedImages(images: other, indices: members)
    let poisoning = Poisoning(attack: LabelConsistent(), rate: 0.25, target: 2, seed: 1)
    let poisoned = try poisoning.apply(to: clean, perturbed: perturbed)
    #expect(poisoned.isPoisoned.count { $0 } == 25)
    #expect(poisoned.images.labels == clean.labels)
    for index in 0..<400 {
      if poisoned.isPoisoned[index] {
        let place = try #require(members.firstIndex(of: index))
        #expect(try poisoned.images[index] == GridTrigger.corners.stamped(other[place]))
      } else {
        #expect(poisoned.images[index] == clean[index])
      }
    }
    let triggered = try TriggeredTestSet(clean, attack: LabelConsistent(), target: 2)
    #expect(triggered.images.count == 300)
    #expect(try triggered.images[0] == GridTrigger.corners.stamped(clean[0]))
    #expect(throws: AttackError.notPerturbed(attack: "cl")) { try poisoning.apply(to: clean) }
    let some = PerturbedImages(images: other.subset([0, 1]), indices: Array(members[..<2]))
    #expect(throws: AttackError.self) { try poisoning.apply(to: clean, perturbed: some) }
    // Others leave them aside.
    let plain = Poisoning(attack: SIG(), rate: 0.25, target: 2, seed: 1)
    #expect(
      try plain.apply(to: clean, perturbed: perturbed).images.pixels == plain.apply(to: clean).images.pixels)
  }
}
