import Compute
import Detection
import Foundation
import Testing

@Suite struct ActivationClusteringTests {
  private static let settings: [(ActivationClustering.Reduction, ActivationClustering.Kind)] = [
    (.pca, .silhouette), (.pca, .distance), (.pca, .size),
    (.ica, .silhouette), (.ica, .distance), (.ica, .size),
  ]

  /// Against all ways to divide each class into two.
  @Test(arguments: 0..<6) func agreesWithNumPy(_ setting: Int) throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/activation_clustering.txt")
    var (labels, expected, features): ([Int], [Double], [Float]) = ([], [], [])
    for line in try String(contentsOf: path, encoding: .utf8).split(separator: "\n") {
      let fields = line.split(separator: " ")
      labels.append(try #require(Int(fields[0])))
      expected.append(try #require(Double(fields[1 + setting])))
      features += try fields.dropFirst(7).map { try #require(Float($0)) }
    }
    #expect(labels.count == 18)
    let (reduction, kind) = Self.settings[setting]
    let found = ActivationClustering(kind: kind, reduction: reduction, components: 2, seed: 1)
      .scores(features: FloatBuffer(features), length: 6, labels: labels)
    for (score, expected) in zip(found, expected) { #expect(abs(score - expected) < 1e-9) }
  }

  /// A second group in one class stands out among classes without one, by the silhouette.
  @Test func outliersScoreHighest() {
    var stream = RandomStream(seed: 2, purpose: RandomPurpose("features"))
    let (count, length) = (400, 16)
    let labels = (0..<count).map { $0 % 4 }
    let isOutlier = (0..<count).map { $0 % 4 == 1 && $0 < 60 }
    let features = (0..<count * length).map { position -> Float in
      Float(stream.normal()) + (isOutlier[position / length] && position % length < 4 ? 6 : 0)
    }
    for kind in ActivationClustering.Kind.allCases {
      let found = ActivationClustering(kind: kind, reduction: .pca, components: 10, seed: 1)
        .scores(features: FloatBuffer(features), length: length, labels: labels)
      let area = DetectionQuality.areaUnderCurve(scores: found, isPositive: isOutlier)
      #expect(area > (kind == .silhouette ? 0.999 : 0.9), "\(kind): \(area)")
    }
  }

  @Test(arguments: ActivationClustering.Kind.allCases) func featuresThatAreEqual(_ kind: ActivationClustering.Kind) {
    let equal = (0..<10).flatMap { _ -> [Float] in [0.1, 0.7, 0.3] }
    let found = ActivationClustering(kind: kind, reduction: .ica, components: 2, seed: 1)
      .scores(features: FloatBuffer(equal), length: 3, labels: [Int](repeating: 0, count: 10))
    #expect(found == [Double](repeating: 0, count: 10))
  }

  @Test func featuresThatAreNotFinite() {
    let found = ActivationClustering(kind: .distance, reduction: .ica, components: 2, seed: 1).scores(
      features: FloatBuffer([1, .nan, 0, 1, 2, 3, 4, 9, 5, 1]), length: 2, labels: [0, 0, 1, 1, 1])
    #expect(found[0].isNaN && found[1].isNaN)
    #expect(found[2...].allSatisfy { $0.isFinite })
  }
}

@Suite struct TwoMeansTests {
  @Test func findsTwoGroups() {
    let found = TwoMeans(of: [0, 1, 2, 10, 11], length: 1, seed: 3)
    #expect(Set(found.assignments[..<3]).count == 1)
    #expect(Set(found.assignments[3...]).count == 1)
    #expect(found.assignments[0] != found.assignments[4])
    #expect(found.centres.sorted() == [1, 10.5])
    #expect(abs(found.inertia - 2.5) < 1e-12)
  }

  @Test func pointsThatAreAllEqual() {
    let found = TwoMeans(of: [4, 4, 4, 4, 4, 4], length: 2, seed: 3)
    #expect(found.assignments == [0, 0, 0])
    #expect(found.inertia == 0)
  }
}
