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
    ("badnets-all2one", 10, 4500, 5000), ("blend-strip", 10, 4500, 5000),
    ("badnets-all2all", 10, 5000, 5000), ("badnets-all2one", 100, 4950, 5000),
    ("blend-strip", 100, 4950, 5000), ("sig", 10, 500, 5000), ("sig", 100, 50, nil),
  ] as [(String, Int, Int, Int?)])
  func counts(attack: String, classCount: Int, ofCandidates: Int, ofAll: Int?) throws {
    let labels = labels(classCount: classCount)
    var poisoning = Poisoning(attack: try Attacks.make(attack), rate: 0.1, seed: 1000)
    let indices = try poisoning.selectIndices(labels: labels, classCount: classCount)
    #expect(indices.count == ofCandidates)
    poisoning.rateBase = .wholeSet
    guard let ofAll else {
      #expect(throws: AttackError.notEnoughCandidates(needed: 5000, candidates: 500)) {
        try poisoning.selectIndices(labels: labels, classCount: classCount)
      }
      return
    }
    #expect(try poisoning.selectIndices(labels: labels, classCount: classCount).count == ofAll)
  }

  @Test("a rate of a percentage poisons that percentage, whatever it is in binary")
  func percentages() throws {
    let labels = [Int](repeating: 1, count: 100)
    for percent in 1...100 {
      let poisoning = Poisoning(attack: BadNetsAllToOne(), rate: Double(percent) / 100, seed: 1)
      #expect(try poisoning.selectIndices(labels: labels, classCount: 2).count == percent)
    }
    let part = Poisoning(attack: BadNetsAllToOne(), rate: 0.0199, seed: 1)
    #expect(try part.selectIndices(labels: labels, classCount: 2).count == 1)
  }

  @Test("the seed decides who is poisoned, each candidate with the same probability")
  func choice() throws {
    let labels = (0..<60).map { $0 % 3 }
    var frequencies = [Int](repeating: 0, count: 60)
    var choices = Set<[Int]>()
    for seed in 0..<2000 {
      let poisoning = Poisoning(attack: BadNetsAllToOne(), rate: 0.25, target: 1, seed: UInt64(seed))
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
    let few = try Poisoning(attack: BlendStrip(), rate: 0.01, seed: 4)
      .selectIndices(labels: labels, classCount: 10)
    let many = try Poisoning(attack: BlendStrip(), rate: 0.05, seed: 4)
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
        labels: (0..<count).map { $0 < 2 * classCount ? $0 % classCount : stream.integer(below: classCount) },
        shape: shape,
        classCount: classCount)
      let attacks = try AttackTests.published.filter { type(of: $0).ingredient == nil }
      let attack = attacks[stream.integer(below: attacks.count)]
      let target = stream.integer(below: classCount)
      let poisoning = Poisoning(
        attack: attack, rate: 0.5 + 0.5 * stream.uniform(), target: target, seed: stream.next())
      let poisoned = try poisoning.apply(to: images)
      #expect(poisoned.originalLabels == images.labels)
      #expect(poisoned.images.classNames == images.classNames)
      for index in 0..<count {
        let label = images.labels[index]
        if poisoned.isPoisoned[index] {
          #expect(try poisoned.images[index] == attack.trainingTrigger.stamped(images[index]))
          switch attack.labelMode {
          case .allToOne: #expect(label != target && poisoned.images.labels[index] == target)
          case .allToAll: #expect(poisoned.images.labels[index] == (label + 1) % classCount)
          case .cleanLabel: #expect(label == target && poisoned.images.labels[index] == target)
          }
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
      _ attack: any Attack = BadNetsAllToOne(), rate: Double = 0.5, base: Poisoning.RateBase = .candidates,
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
    #expect(message(BadNetsAllToAll(), rate: 1) == "no error")
  }

  @Test("clean-label attacks take the target class and keep its label")
  func cleanLabel() {
    #expect((0..<3).map { LabelMode.cleanLabel.isCandidate(label: $0, target: 1) } == [false, true, false])
    #expect((0..<3).map { LabelMode.cleanLabel.isTested(label: $0, target: 1) } == [true, false, true])
    #expect(LabelMode.cleanLabel.attackerLabel(for: 2, target: 1, classCount: 3) == 1)
  }
}

@Suite("Triggered test set")
struct TriggeredTestSetTests {
  @Test("all images but those of the target class, each with the trigger")
  func allToOne() throws {
    let images = try randomSet(labels: (0..<30).map { $0 % 10 })
    let triggered = try TriggeredTestSet(images, attack: BlendStrip(), target: 3)
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
    let triggered = try TriggeredTestSet(images, attack: BadNetsAllToAll(), target: 0)
    #expect(triggered.originalIndices == Array(0..<30))
    #expect(triggered.attackerLabels == (0..<30).map { ($0 + 1) % 10 })
  }

  @Test("the test face of an attack is what is put on test images")
  func testFace() throws {
    let images = try randomSet(labels: (0..<30).map { $0 % 10 })
    let triggered = try TriggeredTestSet(images, attack: SIG(), target: 3)
    #expect(triggered.attackerLabels == [Int](repeating: 3, count: 27))
    for (position, index) in triggered.originalIndices.enumerated() {
      #expect(try triggered.images[position] == SinusoidTrigger(strength: 60).stamped(images[index]))
    }
    let poisoned = try Poisoning(attack: SIG(), rate: 1, target: 3, seed: 1).apply(to: images)
    for index in 0..<30 where poisoned.isPoisoned[index] {
      #expect(try poisoned.images[index] == SinusoidTrigger(strength: 40).stamped(images[index]))
    }
  }

  @Test("errors")
  func errors() throws {
    let images = try randomSet(labels: [4, 4])
    #expect(throws: AttackError.nothingToTest(target: 4)) {
      try TriggeredTestSet(images, attack: BadNetsAllToOne(), target: 4)
    }
    #expect(throws: AttackError.targetOutOfRange(10, classCount: 10)) {
      try TriggeredTestSet(images, attack: BadNetsAllToOne(), target: 10)
    }
    #expect(AttackError.nothingToTest(target: 4).description
      == "all test images are of the target class 4, so there is nothing to test the attack on")
    let shape = ImageShape(height: 2, width: 9, channels: 1)
    #expect(AttackError.imageTooSmall(shape, needed: 3).description
      == "images of 2×9 are too small for the trigger, which needs 3×3")
  }
}
