import Attacks
import Compute
import Images
import TestSupport
import Testing

@Suite("Poisoning")
struct PoisoningTests {
  /// Labels in the proportions of CIFAR-10 and CIFAR-100: each class equally often.
  func labels(classCount: Int) -> [Int] { (0..<50_000).map { $0 * 7 % classCount } }

  @Test("the published numbers of poisoned images", arguments: [
    (Attack.badnetsAllToOne, 10, 4500), (.blendStrip, 10, 4500), (.badnetsAllToAll, 10, 5000),
    (.badnetsAllToOne, 100, 4950), (.blendStrip, 100, 4950),
  ])
  func counts(attack: Attack, classCount: Int, expected: Int) throws {
    let labels = labels(classCount: classCount)
    var poisoning = Poisoning(attack: attack, rate: 0.1, seed: 1000)
    let indices = try poisoning.selectIndices(labels: labels, classCount: classCount)
    #expect(indices.count == expected)
    poisoning.rateBase = .wholeSet
    #expect(try poisoning.selectIndices(labels: labels, classCount: classCount).count == 5000)
  }

  @Test("a rate of a percentage poisons that percentage, whatever it is in binary")
  func percentages() throws {
    let labels = [Int](repeating: 1, count: 100)
    for percent in 1...100 {
      let poisoning = Poisoning(attack: .badnetsAllToOne, rate: Double(percent) / 100, seed: 1)
      #expect(try poisoning.selectIndices(labels: labels, classCount: 2).count == percent)
    }
    let part = Poisoning(attack: .badnetsAllToOne, rate: 0.0199, seed: 1)
    #expect(try part.selectIndices(labels: labels, classCount: 2).count == 1)
  }

  @Test("the seed decides who is poisoned, each candidate with the same probability")
  func choice() throws {
    let labels = (0..<60).map { $0 % 3 }
    var frequencies = [Int](repeating: 0, count: 60)
    var choices = Set<[Int]>()
    for seed in 0..<2000 {
      let poisoning = Poisoning(attack: .badnetsAllToOne, rate: 0.25, target: 1, seed: UInt64(seed))
      let indices = try poisoning.selectIndices(labels: labels, classCount: 3)
      #expect(indices.count == 10 && indices == indices.sorted() && Set(indices).count == 10)
      for index in indices { frequencies[index] += 1 }
      choices.insert(indices)
      if seed < 10 { #expect(try poisoning.selectIndices(labels: labels, classCount: 3) == indices) }
    }
    #expect(choices.count > 1990)
    for (index, frequency) in frequencies.enumerated() {
      // 500 expected, standard deviation 19.
      #expect(index % 3 == 1 ? frequency == 0 : abs(frequency - 500) < 90, "\(index): \(frequency)")
    }
  }

  @Test("a larger rate poisons the same images and more")
  func nested() throws {
    let labels = labels(classCount: 10)
    let few = try Poisoning(attack: .blendStrip, rate: 0.01, seed: 4)
      .selectIndices(labels: labels, classCount: 10)
    let many = try Poisoning(attack: .blendStrip, rate: 0.05, seed: 4)
      .selectIndices(labels: labels, classCount: 10)
    #expect(few.count == 450 && Set(few).isSubset(of: many))
  }

  @Test("flags, labels and pixels agree, for any attack, rate, target and seed")
  func properties() throws {
    var stream = RandomStream(seed: 3, purpose: RandomPurpose("cases"))
    for _ in 0..<60 {
      let classCount = 2 + stream.integer(below: 5)
      let count = 20 + stream.integer(below: 40)
      let shape = ImageShape(
        height: 10 + stream.integer(below: 8), width: 10 + stream.integer(below: 8),
        channels: 1 + 2 * stream.integer(below: 2))
      let images = try randomSet(
        labels: (0..<count).map { _ in stream.integer(below: classCount) }, shape: shape,
        classCount: classCount)
      let attack = Attack.allCases[stream.integer(below: Attack.allCases.count)]
      let target = stream.integer(below: classCount)
      let poisoning = Poisoning(
        attack: attack, rate: 0.2 + 0.5 * stream.uniform(), target: target, seed: stream.next())
      let poisoned = try poisoning.apply(to: images)
      #expect(poisoned.originalLabels == images.labels)
      #expect(poisoned.images.classNames == images.classNames)
      for index in 0..<count {
        let label = images.labels[index]
        if poisoned.isPoisoned[index] {
          #expect(try poisoned.images[index] == attack.trigger.stamped(images[index]))
          #expect(attack == .badnetsAllToAll || label != target)
          #expect(poisoned.images.labels[index]
            == (attack == .badnetsAllToAll ? (label + 1) % classCount : target))
        } else {
          #expect(poisoned.images[index] == images[index])
          #expect(poisoned.images.labels[index] == label)
        }
      }
      let chosen = try poisoning.selectIndices(labels: images.labels, classCount: classCount)
      #expect(chosen == poisoned.isPoisoned.indices.filter { poisoned.isPoisoned[$0] })
    }
  }

  @Test("impossible targets and rates")
  func errors() throws {
    let labels = [0, 0, 0, 1, 1]
    func message(
      _ attack: Attack = .badnetsAllToOne, rate: Double = 0.5, base: Poisoning.RateBase = .candidates,
      target: Int = 0, labels: [Int] = labels, classCount: Int = 2
    ) -> String {
      let poisoning = Poisoning(attack: attack, rate: rate, rateBase: base, target: target, seed: 1)
      do {
        _ = try poisoning.selectIndices(labels: labels, classCount: classCount)
        return "no error"
      } catch {
        return error.description
      }
    }
    #expect(message() == "no error")
    #expect(message(target: 2) == "the target class 2 does not exist; there are 2 classes (0 to 1)")
    #expect(message(target: -1) == "the target class -1 does not exist; there are 2 classes (0 to 1)")
    for rate in [0, -0.1, 3, 1.0001, .nan, .infinity] {
      #expect(message(rate: rate)
        == "a poisoning rate of \(rate); it is a share of the images, above 0 and at most 1 (100%)")
    }
    #expect(message(rate: 0.4) == "a poisoning rate of 0.4 of 2 images poisons none of them; "
      + "it takes a rate of at least 0.5")
    #expect(message(labels: [0, 0]) == "no image may be poisoned by this attack, "
      + "by the classes that the images have")
    #expect(message(rate: 1, base: .wholeSet) == "5 images are to be poisoned, but the attack may "
      + "poison only 2; lower the rate, or take it of the candidates")
    #expect(message(classCount: 1) == "an attack needs two classes at least, not 1")
    #expect(message(.badnetsAllToAll, rate: 1) == "no error")
  }

  @Test("clean-label attacks take the target class and keep its label")
  func cleanLabel() {
    #expect((0..<3).map { LabelMode.cleanLabel.isCandidate(label: $0, target: 1) } == [false, true, false])
    #expect((0..<3).map { LabelMode.cleanLabel.isTested(label: $0, target: 1) } == [true, false, true])
    #expect(LabelMode.cleanLabel.attackerLabel(for: 2, target: 1, classCount: 3) == 1)
  }

  @Test("attacks have the published names")
  func names() {
    #expect(Attack.allCases.map(\.rawValue) == ["badnets-all2one", "badnets-all2all", "blend-strip"])
  }
}

@Suite("Triggered test set")
struct TriggeredTestSetTests {
  @Test("all images but those of the target class, each with the trigger")
  func allToOne() throws {
    let images = try randomSet(labels: (0..<30).map { $0 % 10 })
    let triggered = try TriggeredTestSet(images, attack: .blendStrip, target: 3)
    #expect(triggered.originalIndices == (0..<30).filter { $0 % 10 != 3 })
    #expect(triggered.attackerLabels == [Int](repeating: 3, count: 27))
    #expect(triggered.images.labels == triggered.originalIndices.map { images.labels[$0] })
    for (position, index) in triggered.originalIndices.enumerated() {
      #expect(try triggered.images[position] == StripeTrigger().stamped(images[index]))
    }
  }

  @Test("all images for all-to-all, each with the next class")
  func allToAll() throws {
    let images = try randomSet(labels: (0..<30).map { $0 % 10 })
    let triggered = try TriggeredTestSet(images, attack: .badnetsAllToAll, target: 0)
    #expect(triggered.originalIndices == Array(0..<30))
    #expect(triggered.attackerLabels == (0..<30).map { ($0 + 1) % 10 })
  }

  @Test("errors")
  func errors() throws {
    let images = try randomSet(labels: [4, 4])
    #expect(throws: AttackError.nothingToTest(target: 4)) {
      try TriggeredTestSet(images, attack: .badnetsAllToOne, target: 4)
    }
    #expect(throws: AttackError.targetOutOfRange(10, classCount: 10)) {
      try TriggeredTestSet(images, attack: .badnetsAllToOne, target: 10)
    }
    #expect(AttackError.nothingToTest(target: 4).description
      == "all test images are of the target class 4, so there is nothing to test the attack on")
    let shape = ImageShape(height: 2, width: 9, channels: 1)
    #expect(AttackError.imageTooSmall(shape, needed: 3).description
      == "images of 2×9 are too small for the trigger, which needs 3×3")
  }
}
