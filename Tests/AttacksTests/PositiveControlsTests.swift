import Attacks
import Images
import Testing

/// Triggers of our own in a copy of a set.
@Suite struct PositiveControlsTests {
  private let shape = ImageShape(height: 16, width: 16, channels: 3)

  /// Images of grey levels that no trigger leaves as they are, 100 of each of five classes.
  private func images(_ labels: [Int] = (0..<500).map { $0 % 5 }, shape: ImageShape? = nil) throws -> ImageSet {
    let shape = shape ?? self.shape
    return try ImageSet(
      pixels: labels.indices.flatMap { index in [UInt8](repeating: UInt8(90 + index % 7), count: shape.count) },
      shape: shape, labels: labels, classNames: (0..<5).map { "class \($0)" }, origin: "a test")
  }

  private static let all = Dictionary(uniqueKeysWithValues: ControlKind.allCases.map { ($0, 0.04) })

  @Test func whatIsPlanted() throws {
    let images = try images()
    let (copy, controls) = try PositiveControls(shares: Self.all, seed: 1).planted(in: images)
    #expect(controls.map(\.kind) == ControlKind.allCases)
    // Each has a class of its own.
    #expect(Set(controls.map(\.target)).count == 4)
    var changed: [Int] = []
    for control in controls {
      #expect(control.planted.count == 20 && control.placebos.count == 20)
      #expect(control.planted.allSatisfy { copy.labels[$0] == control.target })
      #expect(
        control.planted.allSatisfy { (images.labels[$0] == control.target) == (control.kind == .sinusoid) })
      #expect(control.placebos.allSatisfy { copy.labels[$0] == images.labels[$0] })
      #expect(Set(control.placebos.map { images.labels[$0] }).count > 1)
      changed += control.planted + control.placebos
    }
    // None is changed twice; nothing else is.
    #expect(Set(changed).count == 160)
    for index in 0..<500 {
      let isSame = copy.pixels[copy.pixelRange(of: index)].elementsEqual(images.pixels[images.pixelRange(of: index)])
      #expect(isSame == !changed.contains(index), "\(index)")
      #expect(isSame ? copy.labels[index] == images.labels[index] : true)
    }
  }

  /// A control's images share what was put on them; its placebos share something else.
  @Test(arguments: ControlKind.allCases, [1, 3]) func placebosAreOthers(kind: ControlKind, channels: Int) throws {
    let shape = ImageShape(height: 28, width: 28, channels: channels)
    let images = try images((0..<500).map { $0 % 5 }, shape: shape)
    let (copy, controls) = try PositiveControls(shares: [kind: 0.2], seed: 3).planted(in: images)
    let control = try #require(controls.first)
    // What becomes of images that were the same.
    func results(_ indices: [Int]) -> Set<[UInt8]> {
      Set(
        indices.filter { images.pixels[images.pixelRange(of: $0).lowerBound] == 93 }
          .map { Array(copy.pixels[copy.pixelRange(of: $0)]) })
    }
    let (own, others) = (results(control.planted), results(control.placebos))
    #expect(own.count == 1 && others.count == 1 && own != others)
    // The patch is 3 pixels of 28 on each side.
    if kind == .patch { #expect(own.first?.count { $0 != 93 } == 9 * channels) }
  }

  @Test func seeds() throws {
    let images = try images()
    func planted(_ seed: UInt64) throws -> [UInt8] {
      try PositiveControls(shares: Self.all, seed: seed).planted(in: images).images.pixels
    }
    #expect(try planted(1) == planted(1))
    #expect(try planted(1) != planted(2))
  }

  /// Where labels stay, a fifth of the class at least is left.
  @Test func noMoreThanMostOfAClass() throws {
    let (_, controls) = try PositiveControls(shares: [.sinusoid: 0.2], placebos: 0, seed: 1).planted(in: images())
    #expect(controls.map(\.planted.count) == [80])
    #expect(controls.map(\.placebos.count) == [0])
  }

  /// Of one class, or of a few images, there is nothing to be planted in.
  @Test(arguments: [[Int](repeating: 2, count: 100), [0, 1, 2], []]) func tooFew(labels: [Int]) throws {
    let images = try images(labels)
    let (copy, controls) = try PositiveControls(shares: Self.all, seed: 1).planted(in: images)
    #expect(controls.isEmpty && copy.pixels == images.pixels && copy.labels == images.labels)
  }
}
