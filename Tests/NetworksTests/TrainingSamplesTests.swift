import Images
import Networks
import Testing

/// In which order samples come up.
@Suite struct TrainingSamplesTests {
  private func samples(
    labels: [Int], of indices: [Int]? = nil, _ order: TrainingSamples.Order
  ) throws -> TrainingSamples {
    let images = try ImageSet(
      pixels: [UInt8](repeating: 0, count: labels.count * 3),
      shape: ImageShape(height: 1, width: 1, channels: 3), labels: labels,
      classNames: (0..<10).map(String.init), origin: "test")
    return TrainingSamples(
      assembler: BatchAssembler(images: images, normalization: .cifar10), indices: indices,
      order: order)
  }

  @Test func everyEpochIsAnotherPermutation() throws {
    let indices = Array(stride(from: 3, to: 200, by: 2))
    let samples = try samples(labels: (0..<200).map { $0 % 10 }, of: indices, .shuffled)
    let orders = (0..<20).map { samples.order(seed: 1, stream: 0, epoch: $0) }
    for order in orders { #expect(order.sorted() == indices) }
    #expect(Set(orders).count == 20)
    #expect(samples.order(seed: 1, stream: 0, epoch: 7) == orders[7])
    #expect(samples.order(seed: 2, stream: 0, epoch: 7) != orders[7])
    #expect(samples.order(seed: 1, stream: 1, epoch: 7) != orders[7])
  }

  /// As many draws as samples, equally many of each class that is present; the rest of the division
  /// goes to the first classes.
  @Test(arguments: [TrainingSamples.Order.shuffled, .balanced])
  func quotas(_ order: TrainingSamples.Order) throws {
    // 60, 25, 14 and 1 of the classes 0, 3, 4 and 8: 100 samples, 25 draws each.
    let labels = (0..<100).map { $0 < 60 ? 0 : $0 < 85 ? 3 : $0 < 99 ? 4 : 8 }
    let samples = try samples(labels: labels, order)
    for epoch in 0..<5 {
      let drawn = samples.order(seed: 3, stream: 0, epoch: epoch)
      var sizes = [Int: Int]()
      for index in drawn { sizes[labels[index], default: 0] += 1 }
      #expect(
        sizes == (order == .balanced ? [0: 25, 3: 25, 4: 25, 8: 25] : [0: 60, 3: 25, 4: 14, 8: 1]))
      if order == .balanced {
        // Two epochs are within one walk over the 60.
        if epoch < 2 { #expect(Set(drawn.filter { labels[$0] == 0 }).count == 25) }
        #expect(Set(drawn.filter { labels[$0] == 4 }).count == 14, "a small class has each member")
        #expect(drawn != drawn.sorted { labels[$0] < labels[$1] }, "classes are mixed")
      }
    }
  }

  @Test func whatDoesNotDivide() throws {
    let labels = [0, 0, 0, 0, 1, 1, 2]
    let drawn = try samples(labels: labels, .balanced).order(seed: 1, stream: 0, epoch: 0)
    #expect((0..<3).map { label in drawn.count { labels[$0] == label } } == [3, 2, 2])
  }

  /// In the long run all members of a class come up equally often.
  @Test func balancedEpochsFollowOnFromEachOther() throws {
    // 20 samples in 2 classes: 10 draws of each, so 8 epochs are 5 walks over the class of 16.
    let labels = (0..<20).map { $0 < 16 ? 0 : 1 }
    let samples = try samples(labels: labels, .balanced)
    var counts = [Int](repeating: 0, count: 20)
    for epoch in 0..<8 {
      for index in samples.order(seed: 1, stream: 0, epoch: epoch) { counts[index] += 1 }
    }
    #expect(counts == [Int](repeating: 5, count: 16) + [Int](repeating: 20, count: 4))
  }
}
