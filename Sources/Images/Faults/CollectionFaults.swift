import Compute
import Foundation

/// What is wrong with images that were collected in good faith: classes of unequal size, near duplicates,
/// wrong labels. None of it is an attack; a detector that takes it for one raises false alarms.
package struct CollectionFaults: Hashable, Sendable {
  /// The largest class has so many times the images of the smallest, those between lie on an exponential
  /// curve; at least 1. Which class is how large is drawn at random.
  package var imbalance: Double
  /// The share of the images that are replaced by near duplicates of others of their class: mirrored or
  /// not, and up to 8 grey levels brighter or darker.
  package var duplicates: Double
  /// The share of the images of one class, drawn at random, that are replaced by near duplicates of one image of it.
  package var copied: Double
  /// The share of the images that get the label of another class, each with the same probability.
  package var mislabelled: Double
  /// The share of the images of one class, drawn at random, that come from another source.
  package var odd: Double
  package var oddSource: OddSource
  package var seed: UInt64

  package init(
    imbalance: Double = 1, duplicates: Double = 0, copied: Double = 0, mislabelled: Double = 0, odd: Double = 0,
    oddSource: OddSource = .letterboxed, seed: UInt64
  ) {
    self.imbalance = imbalance
    self.duplicates = duplicates
    self.copied = copied
    self.mislabelled = mislabelled
    self.odd = odd
    self.oddSource = oddSource
    self.seed = seed
  }

  /// A set with faults, and where each of its images comes from.
  package struct Result {
    package let images: ImageSet
    /// The image that each was made from, as an index into the set before, `[count]`.
    package let sources: [Int]
    /// `[count]`
    package let isDuplicate: [Bool]
    /// `[count]`
    package let isMislabelled: [Bool]
    /// `[count]`
    package let isOdd: [Bool]
  }

  package func apply(to images: ImageSet) -> Result {
    let kept = unequalClasses(images)
    let smaller = images.subset(kept)
    var (sources, pixels) = duplicated(smaller)
    let odd = oddMembers(smaller)
    for index in odd {
      let range = smaller.pixelRange(of: index)
      let image = Image(pixels: Array(pixels[range]), shape: images.shape)
      pixels.replaceSubrange(range, with: oddSource.apply(to: image).pixels)
    }
    let labels = mislabelled(smaller)
    return Result(
      images: smaller.replacingUnchecked(labels: labels, pixels: pixels),
      sources: sources.map { kept[$0] }, isDuplicate: sources.indices.map { sources[$0] != $0 },
      isMislabelled: labels.indices.map { labels[$0] != smaller.labels[$0] },
      isOdd: odd.reduce(into: [Bool](repeating: false, count: smaller.count)) { $0[$1] = true })
  }

  private func stream(_ purpose: StaticString, sample: Int = 0) -> RandomStream {
    RandomStream(seed: seed, purpose: RandomPurpose(purpose), sample: sample)
  }

  /// The images that are left, ascending. No class loses all.
  private func unequalClasses(_ images: ImageSet) -> [Int] {
    guard imbalance > 1, images.classCount > 1 else { return Array(images.labels.indices) }
    var order = stream("sizes of classes")
    var members = [[Int]](repeating: [], count: images.classCount)
    for (index, label) in images.labels.enumerated() { members[label].append(index) }
    var kept: [Int] = []
    for (place, label) in order.permutation(of: images.classCount).enumerated() {
      let share = pow(imbalance, -Double(place) / Double(images.classCount - 1))
      let count = (Double(members[label].count) * share).rounded()
      var choice = stream("members of classes", sample: label)
      kept += choice.permutation(of: members[label].count).prefix(max(1, Int(count)))
        .map { members[label][$0] }
    }
    return kept.sorted()
  }

  private func chosen(_ share: Double, of count: Int, for purpose: StaticString) -> ArraySlice<Int> {
    var stream = stream(purpose)
    return stream.permutation(of: count).prefix(Int((share * Double(count)).rounded()))
  }

  /// The image that each one is a copy of, itself for most, and the pixels.
  private func duplicated(_ images: ImageSet) -> (sources: [Int], pixels: [UInt8]) {
    var sources = Array(images.labels.indices)
    let copies = chosen(duplicates, of: images.count, for: "near duplicates")
    let isCopy = copies.reduce(into: [Bool](repeating: false, count: images.count)) { $0[$1] = true }
    var originals = [[Int]](repeating: [], count: images.classCount)
    for (index, label) in images.labels.enumerated() where !isCopy[index] {
      originals[label].append(index)
    }
    var pixels = images.pixels
    func copy(_ source: Int, to index: Int, _ stream: inout RandomStream) {
      let isMirrored = stream.integer(below: 2) == 1
      let brightness = stream.integer(below: 17) - 8
      sources[index] = source
      let (from, to) = (images.pixelRange(of: source).lowerBound, images.pixelRange(of: index).lowerBound)
      let (width, channels) = (images.shape.width, images.shape.channels)
      for offset in 0..<images.shape.count {
        let (pixel, channel) = offset.quotientAndRemainder(dividingBy: channels)
        let (row, column) = pixel.quotientAndRemainder(dividingBy: width)
        let place = isMirrored ? (row * width + width - 1 - column) * channels + channel : offset
        pixels[to + offset] = UInt8(clamping: Int(images.pixels[from + place]) + brightness)
      }
    }
    for index in copies {
      let candidates = originals[images.labels[index]]
      guard !candidates.isEmpty else { continue }
      var stream = stream("a near duplicate", sample: index)
      copy(candidates[stream.integer(below: candidates.count)], to: index, &stream)
    }
    let again = members(copied, of: images, for: "copies of one image")
    for index in again.dropFirst() {
      var stream = stream("a copy of one image", sample: index)
      copy(again[0], to: index, &stream)
    }
    return (sources, pixels)
  }

  /// The images of another source: of one class, and of no other.
  private func oddMembers(_ images: ImageSet) -> [Int] { members(odd, of: images, for: "images of another source") }

  /// Some images of one class that is drawn at random.
  private func members(_ share: Double, of images: ImageSet, for purpose: StaticString) -> [Int] {
    guard share > 0 else { return [] }
    var stream = stream(purpose)
    let label = stream.integer(below: images.classCount)
    let members = images.labels.indices.filter { images.labels[$0] == label }
    let order = stream.permutation(of: members.count)
    return order.prefix(Int((share * Double(members.count)).rounded())).map { members[$0] }
  }

  private func mislabelled(_ images: ImageSet) -> [Int] {
    var labels = images.labels
    guard images.classCount > 1 else { return labels }
    for index in chosen(mislabelled, of: images.count, for: "wrong labels") {
      var stream = stream("a wrong label", sample: index)
      labels[index] = (labels[index] + 1 + stream.integer(below: images.classCount - 1)) % images.classCount
    }
    return labels
  }
}
