import Compute
import Detection
import Foundation
import Testing

@Suite struct SpectralSignaturesTests {
  /// Samples with their scores from `Fixtures/spectral_signatures.txt`.
  private struct Fixture {
    var labels: [Int] = []
    var scores: [Double] = []
    var features: [Float] = []

    init() throws {
      let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/spectral_signatures.txt")
      for line in try String(contentsOf: path, encoding: .utf8).split(separator: "\n") {
        let fields = line.split(separator: " ")
        labels.append(try #require(Int(fields[0])))
        scores.append(try #require(Double(fields[1])))
        features += try fields.dropFirst(2).map { try #require(Float($0)) }
      }
    }
  }

  private func scores(
    _ features: [Float], length: Int, labels: [Int], pooling: SpectralSignatures.Pooling = .raw
  ) -> [Double] {
    let buffer = FloatBuffer(count: features.count)
    features.withUnsafeBufferPointer { values in
      if let base = values.baseAddress { buffer.pointer.update(from: base, count: values.count) }
    }
    return SpectralSignatures.scores(features: buffer, length: length, labels: labels, pooling: pooling)
  }

  @Test func agreeWithNumPy() throws {
    let fixture = try Fixture()
    #expect(fixture.labels.count == 20)
    let found = scores(fixture.features, length: 6, labels: fixture.labels)
    for (score, expected) in zip(found, fixture.scores) {
      #expect(abs(score - expected) <= 1e-12 * max(1, expected))
    }
  }

  /// The variance along the axis of the first feature is 5, along the second 1; the centre is (2, 7).
  @Test func byHand() {
    let features: [Float] = [-1, 8, 1, 6, 3, 6, 5, 8]
    let found = scores(features, length: 2, labels: [4, 4, 4, 4])
    for (score, expected) in zip(found, [9.0, 1, 1, 9]) { #expect(abs(score - expected) < 1e-12) }
    // Divided by their mean, which is 5.
    let shares = scores(features, length: 2, labels: [4, 4, 4, 4], pooling: .variance)
    for (score, expected) in zip(shares, [1.8, 0.2, 0.2, 1.8]) { #expect(abs(score - expected) < 1e-12) }
  }

  /// Classes do not see each other, and their size in the feature space counts unless it is divided out.
  @Test func classesAreApart() {
    let small: [Float] = [-1, 0, 1, 0]
    let large: [Float] = [100, -500, 100, 700]
    let raw = scores(small + large, length: 2, labels: [0, 0, 1, 1])
    for (score, expected) in zip(raw, [1.0, 1, 360_000, 360_000]) {
      #expect(abs(score - expected) < 1e-9 * expected)
    }
    for score in scores(small + large, length: 2, labels: [0, 0, 1, 1], pooling: .variance) {
      #expect(abs(score - 1) < 1e-12)
    }
  }

  /// A second group in a class stands out by its scores.
  @Test func outliersScoreHighest() {
    var stream = RandomStream(seed: 2, purpose: RandomPurpose("features"))
    let (count, length, outliers) = (200, 16, 20)
    let features = (0..<count * length).map { position -> Float in
      let noise = Float(stream.normal())
      return position / length < outliers && position % length < 4 ? noise + 6 : noise
    }
    let found = scores(features, length: length, labels: [Int](repeating: 0, count: count))
    let isOutlier = found.indices.map { $0 < outliers }
    #expect(DetectionQuality.areaUnderCurve(scores: found, isPositive: isOutlier) == 1)
  }

  @Test func classesWithoutVariation() {
    #expect(scores([1, 2, 3], length: 3, labels: [5]) == [0])
    #expect(scores([1, 2, 1, 2], length: 2, labels: [0, 0], pooling: .variance) == [0, 0])
    // The mean of ten such numbers is not the number: what rounding leaves of it ranks nothing.
    let equal = (0..<10).flatMap { _ -> [Float] in [0.1, 0.7, 0.3] }
    let found = scores(equal, length: 3, labels: [Int](repeating: 0, count: 10), pooling: .variance)
    #expect(found == [Double](repeating: 0, count: 10))
    #expect(scores([], length: 3, labels: []) == [])
  }

  @Test func featuresThatAreNotFinite() {
    let found = scores([1, .nan, 0, 1, 2, 3, 4, 9], length: 2, labels: [0, 0, 1, 1])
    #expect(found[0].isNaN && found[1].isNaN)
    #expect(found[2].isFinite && found[3].isFinite)
    #expect(scores([.infinity, .infinity], length: 1, labels: [0, 0]).allSatisfy { $0.isNaN })
  }
}
