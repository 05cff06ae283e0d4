import Compute
import Images
import Testing

@Suite("Batches")
struct BatchAssemblerTests {
  let shape = ImageShape(height: 32, width: 32, channels: 3)

  func assemble(
    _ assembler: BatchAssembler, _ indices: [Int], _ augmentation: Augmentation = .none,
    seed: UInt64 = 1, epoch: Int = 0
  ) -> [Float] {
    let count = indices.count * assembler.images.shape.count
    return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      if let base = buffer.baseAddress {
        assembler.assemble(
          indices[...], augmentation: augmentation, seed: seed, epoch: epoch, into: base)
      }
      initialized = count
    }
  }

  func assemble(
    _ assembler: BatchAssembler, _ indices: [Int], _ transformation: RandomTransformation,
    draw: Int = 0
  ) -> [Float] {
    let count = indices.count * assembler.images.shape.count
    return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      if let base = buffer.baseAddress {
        assembler.assemble(
          indices[...], transformation: transformation, seed: 3, draw: draw, into: base)
      }
      initialized = count
    }
  }

  func normalized(_ image: Image<Float>, by normalization: Normalization) -> [Float] {
    image.pixels.enumerated().map { normalization($1, channel: $0 % image.shape.channels) }
  }

  @Test("normalised values are those of torchvision, bit for bit")
  func torchvision() throws {
    let images = try testSet(count: 1, shape: shape)
    let batch = assemble(BatchAssembler(images: images, normalization: .cifar10), [0])
    let fixture = try #require(TransformationFixture.all(of: "normalize").first)
    #expect(fixture.matches(rawBytes(batch)))
  }

  @Test("images come in the order of the indices")
  func order() throws {
    let images = try testSet(count: 5, shape: shape)
    let assembler = BatchAssembler(images: images, normalization: .cifar100)
    let expected = [3, 0, 3].flatMap {
      normalized(TransformedImage.bytes(images[$0]).scaled, by: .cifar100)
    }
    #expect(assemble(assembler, [3, 0, 3]) == expected)
  }

  /// Every way to crop and flip an image, computed from the transformations.
  func outcomes(_ image: Image<UInt8>, flips: [Bool]) -> Set<[Float]> {
    var outcomes = Set<[Float]>()
    for top in 0...8 {
      for left in 0...8 {
        for isFlipped in flips {
          var result = Transformation.crop(top: top, left: left, padding: 4)(.bytes(image))
          if isFlipped { result = Transformation.flip(result) }
          outcomes.insert(normalized(result.scaled, by: .cifar10))
        }
      }
    }
    return outcomes
  }

  @Test("crop and flip give each of their outcomes, and no other", arguments: [
    (Augmentation.crop, [false]), (.cropFlip, [false, true]),
  ])
  func cropFlip(augmentation: Augmentation, flips: [Bool]) throws {
    let images = try testSet(count: 1, shape: shape)
    let assembler = BatchAssembler(images: images, normalization: .cifar10)
    let expected = outcomes(images[0], flips: flips)
    var seen = Set<[Float]>()
    for epoch in 0..<2000 {
      seen.insert(assemble(assembler, [0], augmentation, epoch: epoch))
    }
    #expect(expected.count == 81 * flips.count)
    #expect(seen == expected)
  }

  @Test("rotations stay in their range and leave what a small angle leaves")
  func rotations() throws {
    // A bright disc at the centre looks the same under any rotation, but not under a shift.
    let disc = (0..<32).flatMap { row in
      (0..<32).map { column in
        let (x, y) = (Double(column) - 15.5, Double(row) - 15.5)
        return UInt8(x * x + y * y < 80 ? 200 : 0)
      }
    }
    let images = try ImageSet(
      pixels: disc, shape: ImageShape(height: 32, width: 32, channels: 1), labels: [0],
      classNames: ["disc"], origin: "")
    let assembler = BatchAssembler(
      images: images, normalization: Normalization(mean: [0], standardDeviation: [1]))
    let plain = assemble(assembler, [0])
    for epoch in 0..<50 {
      let turned = assemble(assembler, [0], .rotateFlip, epoch: epoch)
      #expect(zip(turned, plain).count { $0 != $1 } < 40)
      let moved = assemble(assembler, [0], .cropFlipRotate, epoch: epoch)
      #expect(abs(moved.count { $0 > 0 } - plain.count { $0 > 0 }) < 12)
    }
  }

  @Test("augmentations with rotations are the steps one after the other")
  func rotationSteps() throws {
    let images = try testSet(count: 40, shape: shape)
    let assembler = BatchAssembler(images: images, normalization: .cifar10)
    let purpose = RandomPurpose("augmentation")
    for sample in 0..<40 {
      var stream = RandomStream(seed: 9, purpose: purpose, epoch: 4, sample: sample)
      let (top, left) = (stream.integer(below: 9), stream.integer(below: 9))
      var image = Transformation.crop(top: top, left: left, padding: 4)(.bytes(images[sample]))
      if stream.uniform() < 0.5 { image = Transformation.flip(image) }
      image = Transformation.rotate(degrees: stream.uniform(in: -15...15))(image)
      #expect(
        assemble(assembler, [sample], .cropFlipRotate, seed: 9, epoch: 4)
          == normalized(image.scaled, by: .cifar10))

      stream = RandomStream(seed: 9, purpose: purpose, epoch: 4, sample: sample)
      image = Transformation.rotate(degrees: stream.uniform(in: -20...20))(.bytes(images[sample]))
      if stream.uniform() < 0.5 { image = Transformation.flip(image) }
      #expect(
        assemble(assembler, [sample], .rotateFlip, seed: 9, epoch: 4)
          == normalized(image.scaled, by: .cifar10))
    }
  }

  @Test("an image looks the same wherever it is in a batch", arguments: Augmentation.allCases)
  func independence(augmentation: Augmentation) throws {
    let images = try testSet(count: 20, shape: ImageShape(height: 9, width: 12, channels: 3))
    let assembler = BatchAssembler(images: images, normalization: .cifar10)
    let whole = assemble(assembler, Array(0..<20), augmentation)
    let pieces = [0..<7, 7..<8, 8..<20].flatMap { assemble(assembler, Array($0), augmentation) }
    #expect(whole == pieces)
    let later = assemble(assembler, Array(0..<20), augmentation, epoch: 1)
    let other = assemble(assembler, Array(0..<20), augmentation, seed: 2)
    #expect((later == whole) == (augmentation == .none))
    #expect((other == whole) == (augmentation == .none))
  }

  @Test("transformed batches are τ of each image, normalised", arguments: TransformationKind.allCases)
  func transformed(kind: TransformationKind) throws {
    let images = try testSet(count: 6, shape: shape)
    let assembler = BatchAssembler(images: images, normalization: .cifar10)
    for second in [nil, .affine, .erase] as [TransformationKind?] {
      let transformation = RandomTransformation(kind, then: second)
      let expected = [5, 2].flatMap { index in
        let steps = transformation.sample(for: shape, seed: 3, draw: 1, sample: index)
        let image = steps.reduce(TransformedImage.bytes(images[index])) { $1($0) }
        return normalized(image.scaled, by: .cifar10)
      }
      #expect(assemble(assembler, [5, 2], transformation, draw: 1) == expected)
    }
  }

  @Test("measured mean and deviation")
  func measured() throws {
    let images = try testSet(count: 50, shape: shape)
    let normalization = Normalization(measuredFrom: images)
    for channel in 0..<3 {
      let values = stride(from: channel, to: images.pixels.count, by: 3).map {
        Double(images.pixels[$0]) / 255
      }
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      #expect(abs(Double(normalization.mean[channel]) - mean) < 1e-6)
      #expect(abs(Double(normalization.standardDeviation[channel]) - variance.squareRoot()) < 1e-6)
    }
    let grey = try ImageSet(
      pixels: [7, 7], shape: ImageShape(height: 1, width: 2, channels: 1), labels: [0],
      classNames: ["grey"], origin: "")
    #expect(Normalization(measuredFrom: grey).standardDeviation == [1])
  }
}
