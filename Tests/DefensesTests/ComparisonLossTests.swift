import Compute
import Networks
import Testing

/// The losses of ABL and DBD against PyTorch.
@Suite struct ComparisonLossTests {
  /// Local gradient ascent and flooding are the same step, above the threshold and below it.
  @Test(arguments: ["above", "below"]) func gradientAscent(_ side: String) throws {
    let reference = try Reference("abl/\(side)")
    let logits = FloatBuffer(try reference.floats("logits"))
    let labels = try reference.integers("labels").map(Int32.init)
    let gradient = FloatBuffer(count: logits.count)
    var sums = [Measure(), Measure()]
    labels.withUnsafeBufferPointer { labels in
      guard let base = labels.baseAddress else { return }
      GradientAscentObjective(threshold: 0.5).evaluate(
        .init(
          samples: 6, length: 4, values: logits.pointer, gradient: gradient.pointer, labels: base,
          members: [], step: 0, pool: .shared), &sums)
    }
    expectClose(gradient.array, try reference.floats("ascent"), "ascent")
    expectClose(gradient.array, try reference.floats("flooding"), "flooding")
    expectClose([Float(sums[0].mean)], try reference.floats("loss"), "loss")
    #expect((sums[0].mean > 0.5) == (side == "above"))
  }

  @Test func symmetricCrossEntropy() throws {
    let reference = try Reference("sce")
    let logits = FloatBuffer(try reference.floats("logits"))
    let gradient = FloatBuffer(count: logits.count)
    var values = [Float](repeating: 0, count: 8)
    let labels = try reference.integers("labels").map(Int32.init)
    labels.withUnsafeBufferPointer { labels in
      guard let base = labels.baseAddress else { return }
      SymmetricCrossEntropy().evaluate(
        rows: 8, classes: 5, logits: logits.pointer, labels: base, gradient: gradient.pointer
      ) { values[$0] = Float($1) }
    }
    expectClose(values, try reference.floats("values"), "values")
    expectClose(gradient.array, try reference.floats("gradient"), "gradient")
  }
}
