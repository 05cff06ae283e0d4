import Images

/// What a group of images shows in the same places alike and no class does otherwise: bars, a frame, a label that covers
/// what is under it.
///
/// A network that has never seen the mark may be wrong about images because of it, whatever they show. So it is put on
/// the rest of the class as well before the group is held against that. What is alike in images of some class is none:
/// trousers that are labelled shirts are black where other trousers are.
package struct SharedMark: Hashable, Sendable {
  /// The values of the mark, in ascending order of their places in an image `[height, width, channels]`.
  package let values: [Value]
  /// The share of the pixels of an image that it covers.
  package let share: Double

  package struct Value: Hashable, Sendable {
    package let offset: Int
    package let value: UInt8
  }

  /// How far from the median a value may be that is alike, and how many of the group must be alike, at least; of the
  /// rest of each class fewer must be.
  private static let (tolerance, leastAlike, mostOfOthers) = (15, 0.6, 0.3)
  /// The share of the picture that it covers, at least: what is smaller hides nothing.
  private static let leastShare = 0.05
  /// Images that are looked at, of the group and of each class.
  private static let (mostImages, mostOfClass) = (500, 100)

  /// - Parameters:
  ///   - group: samples of one class.
  ///   - others: those of each class that are not in the group of their class.
  /// - Returns: `nil` where there is none.
  package init?(of group: [Int], unlike others: [[Int]], in images: ImageSet) {
    guard !group.isEmpty else { return nil }
    let some = Self.evenly(group, Self.mostImages)
    let classes = others.filter { !$0.isEmpty }.map { Self.evenly($0, Self.mostOfClass) }
    let length = images.shape.count
    var values: [Value] = []
    for offset in 0..<length {
      func alike(_ samples: [Int], _ value: Int) -> Double {
        let count = samples.count { abs(Int(images.pixels[$0 * length + offset]) - value) <= Self.tolerance }
        return Double(count) / Double(samples.count)
      }
      let sorted = some.map { images.pixels[$0 * length + offset] }.sorted()
      let median = sorted[sorted.count / 2]
      if alike(some, Int(median)) >= Self.leastAlike,
        classes.allSatisfy({ alike($0, Int(median)) < Self.mostOfOthers })
      {
        values.append(Value(offset: offset, value: median))
      }
    }
    let pixels = Set(values.map { $0.offset / images.shape.channels })
    share = Double(pixels.count) / Double(images.shape.height * images.shape.width)
    self.values = values
    guard share >= Self.leastShare else { return nil }
  }

  private static func evenly(_ samples: [Int], _ most: Int) -> [Int] {
    let count = min(samples.count, most)
    return (0..<count).map { samples[$0 * samples.count / count] }
  }

  /// An image with it, `[height, width, channels]`.
  package func put(on pixels: some Collection<UInt8>) -> [UInt8] {
    var result = Array(pixels)
    for value in values { result[value.offset] = value.value }
    return result
  }
}

/// What the check network takes the rest of some classes for with the mark of their groups on it (see `SharedMark`).
package struct MarkedPredictions: Hashable, Sendable {
  /// Of each class with a mark, the share of an image that it covers.
  package private(set) var shares: [Int: Double] = [:]
  /// Of each sample of the rest of these classes.
  package private(set) var predictions: [Int: Int] = [:]

  package init() {}

  /// Takes those of a class, if the network is right about fewer of them than without the mark. If it is right about as
  /// many, the mark hides nothing; if about more, it may know the mark as a trigger.
  ///
  /// - Parameters:
  ///   - rest: samples of the class that are not in its group.
  ///   - marked: what the network takes them for with the mark, `[rest.count]`.
  ///   - plain: and as they are.
  package mutating func add(_ mark: SharedMark, label: Int, rest: [Int], marked: [Int], plain: [Int]) {
    guard marked.count(where: { $0 == label }) < plain.count(where: { $0 == label }) else { return }
    shares[label] = mark.share
    for (index, prediction) in zip(rest, marked) { predictions[index] = prediction }
  }
}
