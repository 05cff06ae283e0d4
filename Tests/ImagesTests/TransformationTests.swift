import Compute
import Images
import Testing

@Suite("Transformations with given parameters give what torchvision gives")
struct TransformationTests {
  /// The result as bytes, if it is.
  func bytes(_ transformation: Transformation, _ image: Image<UInt8>) -> [UInt8] {
    guard case .bytes(let result) = transformation(.bytes(image)) else { return [] }
    return result.pixels
  }

  @Test("rotate: every pixel, for a thousand angles")
  func rotate() {
    let cases = TransformationFixture.all(of: "rotate")
    #expect(cases.count > 900)
    for fixture in cases {
      let result = bytes(.rotate(degrees: fixture.number(0)), fixture.image)
      #expect(fixture.matches(result), "\(fixture.shape) by \(fixture.number(0))°")
    }
  }

  @Test("translate, flip and crop: every pixel")
  func rearrangements() {
    for fixture in TransformationFixture.all(of: "translate") {
      let move = Transformation.translate(x: fixture.integer(0), y: fixture.integer(1))
      #expect(fixture.matches(bytes(move, fixture.image)), "\(fixture.shape) \(fixture.parameters)")
    }
    for fixture in TransformationFixture.all(of: "flip") {
      #expect(fixture.matches(bytes(.flip, fixture.image)), "\(fixture.shape)")
    }
    for fixture in TransformationFixture.all(of: "crop") {
      let crop = Transformation.crop(
        top: fixture.integer(0), left: fixture.integer(1), padding: fixture.integer(2))
      #expect(fixture.matches(bytes(crop, fixture.image)), "\(fixture.shape) \(fixture.parameters)")
    }
    #expect(TransformationFixture.all(of: "translate").count == 63)
    #expect(TransformationFixture.all(of: "crop").count == 30)
  }

  @Test("blur: at most one grey level apart, where the sums are rounded on either side of a tie")
  func blur() {
    var (values, different) = (0, 0)
    for fixture in TransformationFixture.all(of: "blur") {
      let result = bytes(.blur(sigma: fixture.number(0)), fixture.image)
      #expect(result.count == fixture.decoded.count)
      for (ours, theirs) in zip(result, fixture.decoded) where ours != theirs {
        #expect(abs(Int(ours) - Int(theirs)) == 1, "\(fixture.shape) σ \(fixture.number(0))")
        different += 1
      }
      values += result.count
    }
    #expect(values > 25_000)
    #expect(different * 10_000 <= values, "\(different) of \(values) values differ")
  }

  @Test("erase: the rectangle is noise, the rest is the image on the scale from 0 to 1")
  func erase() {
    let cases = TransformationFixture.all(of: "erase")
    #expect(cases.count == 2)
    for fixture in cases {
      let erasure = Transformation.Erasure(
        top: fixture.integer(0), left: fixture.integer(1), height: fixture.integer(2),
        width: fixture.integer(3), noise: TransformationFixture.floats(fixture.parameters[4]))
      let result = Transformation.erase(erasure)(.bytes(fixture.image))
      #expect(result.scaled.pixels == TransformationFixture.floats(fixture.result))
    }
  }

  @Test("what is rearranged after an erasure has the same geometry as bytes have")
  func floatingPoint() {
    let image = testImage(ImageShape(height: 20, width: 33, channels: 3))
    let nothing = Transformation.Erasure(top: 0, left: 0, height: 0, width: 0, noise: [])
    for step: Transformation in [
      .rotate(degrees: 33), .translate(x: 3, y: -2), .flip, .crop(top: 1, left: 7, padding: 4),
    ] {
      let before = Transformation.erase(nothing)(step(.bytes(image)))
      let after = step(Transformation.erase(nothing)(.bytes(image)))
      #expect(before == after)
    }
  }
}

@Suite("Drawing transformations")
struct TransformationSamplingTests {
  let shape = ImageShape(height: 32, width: 32, channels: 3)

  func draw(_ kind: TransformationKind, count: Int = 20_000) -> [Transformation] {
    var stream = RandomStream(seed: 5, purpose: RandomPurpose("test"))
    return (0..<count).map { _ in kind.sample(for: shape, from: &stream) }
  }

  @Test("affine: -6…6 pixels, the outermost ones with the smaller probability")
  func affine() {
    var counts: [Int: Int] = [:]
    let draws = draw(.affine)
    for case .translate(let x, let y) in draws {
      counts[x, default: 0] += 1
      counts[y, default: 0] += 1
    }
    #expect(counts.keys.sorted() == Array(-6...6))
    for (shift, count) in counts {
      let expected = (abs(shift) == 6 ? 0.9 : 1) / 12.8
      #expect(abs(Double(count) / 40_000 - expected) < 0.005, "\(shift)")
    }
  }

  @Test("rotate: the full circle")
  func rotate() {
    var quarters = [0, 0, 0, 0]
    for case .rotate(let degrees) in draw(.rotate) {
      #expect((-180...180).contains(degrees))
      quarters[min(3, Int((degrees + 180) / 90))] += 1
    }
    #expect(quarters.allSatisfy { abs($0 - 5000) < 300 }, "\(quarters)")
  }

  @Test("crop, blur, flip and erase: their ranges")
  func others() {
    var places = Set<[Int]>()
    for case .crop(let top, let left, let padding) in draw(.crop) { places.insert([top, left, padding]) }
    #expect(places.count == 81)
    let offsets = 0...8
    for place in places {
      #expect(offsets.contains(place[0]))
      #expect(offsets.contains(place[1]))
      #expect(place[2] == 4)
    }

    var sigmas: [Double] = []
    for case .blur(let sigma) in draw(.blur) { sigmas.append(sigma) }
    #expect(sigmas.allSatisfy { (0.1...2).contains($0) })
    let meanSigma: Double = sigmas.reduce(0, +) / 20_000
    #expect(abs(meanSigma - 1.05) < 0.02)
    #expect(draw(.flip, count: 3) == [.flip, .flip, .flip])

    var noise: [Float] = []
    for case .erase(let erasure) in draw(.erase, count: 500) {
      let (height, width) = (Double(erasure.height), Double(erasure.width))
      // The sides are rounded, so the area and the aspect leave their ranges a little.
      #expect((0.18...0.33).contains(height * width / 1024))
      #expect((0.45...1.05).contains(height / width))
      #expect(erasure.top + erasure.height <= 32 && erasure.left + erasure.width <= 32)
      noise += erasure.noise
    }
    let mean = noise.reduce(0, +) / Float(noise.count)
    let variance = noise.map { $0 * $0 }.reduce(0, +) / Float(noise.count)
    #expect(abs(mean) < 0.01 && abs(variance - 1) < 0.02)
  }

  @Test("an image too small for any rectangle is not erased")
  func tiny() {
    let image = testImage(ImageShape(height: 1, width: 1, channels: 1))
    var stream = RandomStream(seed: 1, purpose: RandomPurpose("test"))
    let step = TransformationKind.erase.sample(for: image.shape, from: &stream)
    #expect(step(.bytes(image)).scaled == TransformedImage.bytes(image).scaled)
  }

  @Test("τ depends on the seed, the draw and the sample, and on nothing else")
  func reproducibility() {
    let transformation = RandomTransformation()
    func sample(_ seed: UInt64, _ draw: Int, _ sample: Int) -> [Transformation] {
      transformation.sample(for: shape, seed: seed, draw: draw, sample: sample)
    }
    #expect(sample(1, 0, 7) == sample(1, 0, 7))
    #expect(Set([sample(1, 0, 7), sample(2, 0, 7), sample(1, 1, 7), sample(1, 0, 8)]).count == 4)
    guard case .rotate = sample(1, 0, 7)[0], case .translate = sample(1, 0, 7)[1] else {
      Issue.record("the default rotates, then translates")
      return
    }
    #expect(RandomTransformation(.blur, then: nil).sample(for: shape, seed: 1, sample: 0).count == 1)
    #expect(TransformationKind.allCases.map(\.rawValue).joined(separator: " ")
      == "rotate affine flip crop blur erase")
  }
}
