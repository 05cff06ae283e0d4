import HDF5
import Testing

extension CommandTests {
  /// The kind `label-fit`.
  @Suite struct LabelFitStageTests {
    @Test func scoresAreSumsOfRanks() throws {
      let root = try VerdictManifest.workspace().artifact("fit", of: "verdict").root
      let probabilities = try root.read("probability", as: Double.self)
      let contrasts = try root.read("contrast", as: Double.self)
      let superimposed = try root.read("superimposed", as: Double.self)
      let scores = try root.read("scores", as: Double.self)
      #expect(scores.count == 300 && probabilities.count == 300 && contrasts.count == 300)
      #expect(probabilities.allSatisfy { $0 > 0 && $0 <= 1 })
      // The warm-up fits most labels, and a shift takes something away.
      #expect(probabilities.count { $0 > 0.5 } > 150)
      #expect(contrasts.count { $0 > 0 } > 200)
      // Another image takes something away, and from most.
      #expect(superimposed.count == 300 && superimposed.allSatisfy { $0 > 0 && $0 <= 1 })
      #expect(zip(superimposed, probabilities).count { $0 < $1 } > 200)
      func rank(_ values: [Double], _ index: Int) -> Double {
        let below = values.count { $0 < values[index] }
        let equal = values.count { $0 == values[index] }
        return (Double(below) + Double(equal + 1) / 2) / Double(values.count)
      }
      for index in stride(from: 0, to: 300, by: 7) {
        let sum = rank(probabilities, index) + rank(contrasts, index) + 2 * rank(superimposed, index)
        #expect(abs(scores[index] - sum / 4) < 1e-12)
      }
      #expect(try root.attribute("score", as: String.self) == "label-fit")
    }
  }
}
