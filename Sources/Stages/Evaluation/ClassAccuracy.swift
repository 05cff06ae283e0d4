import Reports

/// The accuracy of several models on each class that has test images.
struct ClassAccuracy {
  let models: [String]
  let names: [String]
  /// `[models, classes]`.
  let shares: [[Double]]

  /// - Returns: `nil` where the models know different classes.
  init?(_ found: [(name: String, evaluation: EvaluationArtifact)]) {
    guard let all = found.first?.evaluation.classNames,
      found.allSatisfy({ $0.evaluation.classNames == all })
    else { return nil }
    let tested = all.indices.filter { k in found.allSatisfy { $0.evaluation.classCounts[k] > 0 } }
    models = found.map(\.name)
    names = tested.map { all[$0] }
    shares = found.map { _, evaluation in
      tested.map { Double(evaluation.classCorrect[$0]) / Double(evaluation.classCounts[$0]) }
    }
  }

  /// The longer side goes down the page.
  var table: ResultTable {
    names.count > models.count
      ? ResultTable(rowTitle: "class", rows: names, groups: models, metrics: [.classAccuracy]) {
        row, group, _ in ResultCell(shares[group][row])
      }
      : ResultTable(rowTitle: "model", rows: models, groups: names, metrics: [.classAccuracy]) {
        row, group, _ in ResultCell(shares[row][group])
      }
  }
}
