import Foundation
import HDF5
import Testing

extension CommandTests {
  /// The kind `label-fit`.
  @Suite struct LabelFitStageTests {
    @Test func scoresJoinWhatWasMeasured() throws {
      let root = try VerdictManifest.workspace().artifact("fit", of: "verdict").root
      let names = ["probability", "superimposed", "windowed"]
      let measured = try names.map { try root.read($0, as: Double.self) }
      let scores = try root.read("scores", as: Double.self)
      for values in measured { #expect(values.count == 300 && values.allSatisfy { $0 > 0 && $0 <= 1 }) }
      // The warm-up fits most labels, and another image takes something away, and from most.
      #expect(measured[0].count { $0 > 0.5 } > 150)
      #expect(zip(measured[1], measured[0]).count { $0 < $1 } > 200)
      // So does what lies around a window, even of the best of nine.
      #expect(zip(measured[2], measured[0]).count { $0 < $1 } > 150)
      let expected = Self.joined(measured, labels: try Self.labels())
      #expect(zip(scores, expected).allSatisfy { abs($0 - $1) < 1e-9 })
      #expect(try root.attribute("score", as: String.self) == "label-fit")
      #expect(try !root.names.contains("contrast"))
    }

    static func labels() throws -> [Int] {
      try VerdictManifest.workspace().artifact("poisoned").root.read("labels", as: Int.self)
    }

    /// The weighted mean of -ln of the shares above each value, over the root of what a tenth of its class is below.
    static func joined(_ measured: [[Double]], labels: [Int]) -> [Double] {
      let weights = Array([1.0, 3, 2].prefix(measured.count))
      let means = labels.indices.map { index in
        zip(measured, weights).reduce(0) { sum, pair in
          let (values, weight) = pair
          let (above, equal) = (values.count { $0 > values[index] }, values.count { $0 == values[index] })
          let share = (Double(above) + Double(equal) / 2) / Double(values.count)
          return sum - weight * log(share)
        } / weights.reduce(0, +)
      }
      return labels.indices.map { index in
        let ofClass = labels.indices.filter { labels[$0] == labels[index] }.map { means[$0] }.sorted()
        return means[index] / ofClass[ofClass.count / 10].squareRoot()
      }
    }

    /// Without windows the others count alone.
    @Test func withoutWindows() throws {
      let workspace = try VerdictManifest.workspace()
      try VerdictManifest.run(workspace, "--only", "fit", "fit.windows=0").expect()
      let root = try workspace.artifact("fit", of: "verdict").root
      #expect(try !root.names.contains("windowed"))
      let measured = try ["probability", "superimposed"].map { try root.read($0, as: Double.self) }
      let scores = try root.read("scores", as: Double.self)
      let expected = Self.joined(measured, labels: try Self.labels())
      #expect(zip(scores, expected).allSatisfy { abs($0 - $1) < 1e-9 })
    }
  }
}
