import Images
import Testing

@Suite("Sets of images")
struct ImageSetTests {
  let shape = ImageShape(height: 2, width: 3, channels: 1)

  @Test("parts that do not fit together are refused")
  func validation() throws {
    #expect(throws: ImageSetError.wrongPixelCount(11, expected: 12)) {
      try ImageSet(
        pixels: [UInt8](repeating: 0, count: 11), shape: shape, labels: [0, 1],
        classNames: ["a", "b"], origin: "")
    }
    #expect(throws: ImageSetError.labelOutOfRange(2, index: 1, classCount: 2)) {
      try ImageSet(
        pixels: [UInt8](repeating: 0, count: 12), shape: shape, labels: [0, 2],
        classNames: ["a", "b"], origin: "")
    }
    #expect(throws: ImageSetError.labelOutOfRange(-1, index: 0, classCount: 10)) {
      try testSet(count: 2, shape: shape).replacing(labels: [-1, 0])
    }
  }

  @Test("the first classes and their images are left")
  func firstClasses() throws {
    let images = try testSet(count: 7, shape: shape, classCount: 3)
    let chosen = try images.firstClasses(2)
    #expect(chosen.classNames == ["0", "1"])
    #expect(chosen.labels == [0, 1, 0, 1, 0])
    #expect(chosen[2] == images[3])
    #expect(try images.firstClasses(3).pixels == images.pixels)
    #expect(throws: ImageSetError.classCount(4, available: 3)) { try images.firstClasses(4) }
  }

  @Test("some classes are numbered anew, and their images know where they stood")
  func someClasses() throws {
    let images = try testSet(count: 7, shape: shape, classCount: 3)
    #expect(images.places == nil)
    let chosen = images.ofClasses([2, 0])
    #expect(chosen.classNames == ["2", "0"])
    #expect(chosen.labels == [1, 0, 1, 0, 1])
    #expect(chosen.places == [0, 2, 3, 5, 6])
    #expect(chosen[3] == images[5])
    let few = chosen.subset([1, 4])
    #expect(few.places == [2, 6])
    #expect(try few.replacing(labels: [0, 0]).places == [2, 6])
    #expect(try few.padded(toHeight: 4, width: 4).places == [2, 6])
  }

  @Test("a subset has the images that were asked for, in that order")
  func subset() throws {
    let images = try testSet(count: 6, shape: shape)
    let subset = images.subset([4, 1])
    #expect(subset.labels == [4, 1])
    #expect(subset[0] == images[4] && subset[1] == images[1])
    #expect(images.classSizes == [1, 1, 1, 1, 1, 1, 0, 0, 0, 0])
  }

  @Test("a stratified subset keeps the proportions and the order", arguments: [nil, 0, 7] as [UInt64?])
  func stratified(seed: UInt64?) throws {
    let labels = (0..<1000).map { $0 % 10 < 5 ? 0 : $0 % 10 < 8 ? 1 : 2 }
    let images = try ImageSet(
      pixels: [UInt8](repeating: 0, count: 6000), shape: shape, labels: labels,
      classNames: ["a", "b", "c", "never"], origin: "")
    for count in [1, 2, 3, 10, 99, 100, 333, 999, 1000] {
      let indices = try images.stratifiedIndices(count: count, seed: seed)
      #expect(indices.count == count && indices == indices.sorted() && Set(indices).count == count)
      let sizes = images.subset(indices).classSizes
      for (size, share) in zip(sizes, [0.5, 0.3, 0.2, 0]) {
        #expect(abs(Double(size) - share * Double(count)) < 1, "\(sizes) of \(count)")
      }
    }
  }

  @Test("without a seed the first images of each class are taken; seeds differ")
  func stratifiedChoice() throws {
    let images = try testSet(count: 100, shape: shape)
    #expect(try images.stratifiedIndices(count: 30, seed: nil) == Array(0..<30))
    let one = try images.stratifiedIndices(count: 30, seed: 1)
    #expect(try one == images.stratifiedIndices(count: 30, seed: 1))
    #expect(try one != images.stratifiedIndices(count: 30, seed: 2))
    #expect(one != Array(0..<30))
    #expect(throws: ImageSetError.subsetCount(101, available: 100)) {
      try images.stratifiedSubset(count: 101, seed: nil)
    }
    #expect(throws: ImageSetError.subsetCount(0, available: 100)) {
      try images.stratifiedSubset(count: 0, seed: nil)
    }
  }

  @Test("padding puts the image in the middle of black")
  func padding() throws {
    let images = try testSet(count: 3, shape: ImageShape(height: 28, width: 28, channels: 1))
    let padded = try images.padded(toHeight: 32, width: 33)
    for index in 0..<3 {
      for row in 0..<32 {
        for column in 0..<33 {
          let isInside = (2..<30).contains(row) && (2..<30).contains(column)
          let expected = isInside ? images[index][row - 2, column - 2, 0] : 0
          #expect(padded[index][row, column, 0] == expected)
        }
      }
    }
    #expect(throws: ImageSetError.self) { try images.padded(toHeight: 27, width: 32) }
  }

  @Test("grey images get three equal channels")
  func channels() throws {
    let images = try testSet(count: 2, shape: shape)
    let colour = try images.withThreeChannels()
    #expect(colour.shape.channels == 3)
    #expect(colour.pixels == images.pixels.flatMap { [$0, $0, $0] })
    #expect(try colour.withThreeChannels().pixels == colour.pixels)
    let two = try testSet(count: 1, shape: ImageShape(height: 1, width: 1, channels: 2))
    #expect(throws: ImageSetError.channels(2)) { try two.withThreeChannels() }
  }
}
