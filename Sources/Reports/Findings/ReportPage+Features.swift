// MARK: - Features in the plane

extension ReportPage {
  var features: [Markup] {
    guard let map = contents.featureMap, !map.groups.isEmpty else { return [] }
    let count = map.groups.reduce(0) { $0 + $1.before.count }
    return [
      .tag(
        "p",
        text: "The features of \(count) samples in the plane, by t-SNE: samples that the network takes for alike lie "
          + "near each other; the axes, and distances between groups, mean little. Where a trigger rules the features, "
          + "the poisoned lie together as long as images are as they are, and a transformation scatters them."),
      .tag(
        "div", ["class": "figures"],
        [
          featureFigure(map, "Images as they are", name: "features-before", \.before),
          featureFigure(map, "Images transformed (\(map.transformation))", name: "features-after", \.after),
        ]),
    ]
  }

  private func featureFigure(
    _ map: ReportContents.FeatureMap, _ title: String, name: String,
    _ points: KeyPath<ReportContents.FeatureMap.Group, [ChartPoint]>
  ) -> Markup {
    // Both figures have the same axes, for a sample to be found again.
    let all = map.groups.flatMap { $0.before + $0.after }
    // Not next to the red of the suspects: orange last.
    var colours: [ChartColour] = [.blue, .green, .purple, .grey, .orange]
    let groups = map.groups.map { group in
      let colour = group.isSuspect ? .red : colours.removeFirst()
      if !group.isSuspect { colours.append(colour) }
      return ScatterChart.Group(group.name, colour, group[keyPath: points])
    }
    return PageFigure.markup(
      ScatterChart.plot(
        label: "\(title): features in the plane, by class", xTitle: "first coordinate", yTitle: "second coordinate",
        x: all.map(\.x), y: all.map(\.y), groups: groups),
      caption: "\(title).", name: name)
  }
}
