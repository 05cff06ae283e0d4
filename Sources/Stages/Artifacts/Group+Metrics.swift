import HDF5
import Reports

/// How metrics lie in artifacts: one scalar for each in the group `/metrics`, under its name, with what its
/// declaration says of it.
extension HDF5.Group {
  private static let metricsName = "metrics"

  func writeMetrics(_ values: [MetricValue]) throws {
    let group = try createGroup(Self.metricsName)
    for value in values {
      try group.write(value.value, to: value.metric.name, attributes: value.metric.attributes)
    }
  }

  /// The metrics in the order of their declarations; none where there is no such group.
  ///
  /// - Throws: `ArtifactError.unknownWord` for one that is not declared.
  func readMetrics() throws -> [MetricValue] {
    guard let group = try groupIfPresent(Self.metricsName) else { return [] }
    var values: [MetricDeclaration: Double] = [:]
    for name in try group.names {
      guard let metric = MetricDeclaration.named(name) else {
        throw ArtifactError.unknownWord(name, attribute: Self.metricsName, in: file.path)
      }
      values[metric] = try group.readScalar(name)
    }
    return MetricDeclaration.all.compactMap { MetricValue($0, values[$0]) }
  }
}

extension MetricDeclaration {
  /// What datasets of the metric say of it.
  var attributes: [String: AttributeValue] {
    [
      "title": .string(title), "definition": .string(definition), "unit": .string(unit.name),
      "better": .string(better.rawValue),
    ]
  }
}
