import Compute

extension ImageSet {
  /// The images at `indices`, in that order.
  package func subset(_ indices: [Int]) -> ImageSet {
    var chosen: [UInt8] = []
    chosen.reserveCapacity(indices.count * shape.count)
    for index in indices { chosen.append(contentsOf: pixels[pixelRange(of: index)]) }
    return ImageSet(
      uncheckedPixels: chosen, shape: shape, labels: indices.map { labels[$0] },
      classNames: classNames, origin: origin, names: names.map { names in indices.map { names[$0] } },
      places: places.map { places in indices.map { places[$0] } } ?? indices)
  }

  /// The images of the first `number` classes.
  ///
  /// - Throws: `ImageSetError.classCount` when there are not that many classes.
  package func firstClasses(_ number: Int) throws(ImageSetError) -> ImageSet {
    guard (1...max(1, classCount)).contains(number) else {
      throw .classCount(number, available: classCount)
    }
    return ofClasses(Array(0..<number))
  }

  /// The images of some classes, which are numbered anew in the order given.
  ///
  /// - Parameter chosen: classes of the set, each once.
  package func ofClasses(_ chosen: [Int]) -> ImageSet {
    let numbers = Dictionary(uniqueKeysWithValues: chosen.enumerated().map { ($1, $0) })
    let part = subset(labels.indices.filter { numbers[labels[$0]] != nil })
    return ImageSet(
      uncheckedPixels: part.pixels, shape: shape, labels: part.labels.compactMap { numbers[$0] },
      classNames: chosen.map { classNames[$0] }, origin: origin, names: part.names, places: part.places)
  }

  /// The indices, ascending, of `count` images with the classes in the same proportions as here.
  ///
  /// Each class gives ⌊its share⌋ images, and those with the largest fractions one more (the lower
  /// class first when equal).
  ///
  /// - Parameter seed: Which images of a class are taken: with `nil` its first ones, otherwise a
  ///   random choice that depends on the seed alone.
  /// - Throws: `ImageSetError.subsetCount` when there are not that many images.
  package func stratifiedIndices(count: Int, seed: UInt64?) throws(ImageSetError) -> [Int] {
    try Self.stratifiedIndices(labels: labels, classCount: classCount, count: count, seed: seed)
  }

  /// The same for samples of which nothing is known but their labels.
  static func stratifiedIndices(
    labels: [Int], classCount: Int, count: Int, seed: UInt64?
  ) throws(ImageSetError) -> [Int] {
    guard (1...max(1, labels.count)).contains(count), !labels.isEmpty else {
      throw .subsetCount(count, available: labels.count)
    }
    var members = [[Int]](repeating: [], count: classCount)
    for (index, label) in labels.enumerated() { members[label].append(index) }

    var quotas = members.map { $0.count * count / labels.count }
    let remainders = members.map { $0.count * count % labels.count }
    let order = remainders.indices.sorted {
      (remainders[$0], $1) > (remainders[$1], $0)
    }
    for label in order.prefix(count - quotas.reduce(0, +)) { quotas[label] += 1 }

    var chosen: [Int] = []
    for (label, quota) in quotas.enumerated() {
      if let seed {
        var stream = RandomStream(seed: seed, purpose: RandomPurpose("subset"), sample: label)
        let permutation = stream.permutation(of: members[label].count)
        chosen += permutation.prefix(quota).map { members[label][$0] }
      } else {
        chosen += members[label].prefix(quota)
      }
    }
    return chosen.sorted()
  }

  /// `count` images with the classes in the same proportions as here, in the order they have here.
  ///
  /// See `stratifiedIndices(count:seed:)`.
  package func stratifiedSubset(count: Int, seed: UInt64?) throws(ImageSetError) -> ImageSet {
    try count == self.count ? self : subset(stratifiedIndices(count: count, seed: seed))
  }
}
