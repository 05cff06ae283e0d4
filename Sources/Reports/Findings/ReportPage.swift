/// A report as a page: the verdict first, then what it rests on.
package struct ReportPage: Sendable {
  let contents: ReportContents

  package init(_ contents: ReportContents) { self.contents = contents }

  package var html: String { page.html }

  private var page: Page {
    Page(
      title: contents.title, lead: lead,
      sections: [
        section("subject", "What was run on what", facts),
        section("controls", "What would have been found", controls),
        section("gallery", "The most suspicious samples", gallery),
        section("classes", "Classes", classes),
        section("scores", "Scores", scores),
        section("features", "Features", features),
        section("detection", "Compared with the truth", detection),
        section("models", "Models", models),
        section("training", "Training", histories),
        section("pipeline", "Pipeline", pipeline),
      ].compactMap(\.self),
      footer: "Made by \(contents.program). This page asks for nothing outside of itself.")
  }

  private func section(_ id: String, _ title: String, _ content: [Markup]) -> Page.Section? {
    content.isEmpty ? nil : Page.Section(id: id, title: title, content: content)
  }
}

// MARK: - In words and tables

extension ReportPage {
  private var lead: [Markup] {
    let finding = contents.finding.map { finding in
      Markup.tag(
        "div", ["class": "verdict \(finding.state.rawValue)"],
        [.tag("p", ["class": "lead"], text: finding.sentence)] + finding.details.map { .tag("p", text: $0) })
    }
    return [finding].compactMap(\.self)
      + contents.warnings.map(Self.markup(ofWarning:))
  }

  private var facts: [Markup] {
    guard !contents.facts.isEmpty else { return [] }
    return [
      .tag(
        "dl", [:],
        contents.facts.flatMap { [.tag("dt", text: $0.name), .tag("dd", text: $0.value)] })
    ]
  }

  private var controls: [Markup] {
    guard let rows = contents.finding?.controls, !rows.isEmpty else { return [] }
    return [
      .tag(
        "p",
        text: "Triggers of our own, planted in copies of the set that were judged in the same way. A trigger is found "
          + "where its class is called poisoned and half of its samples at least are named. Placebos are samples "
          + "with such a pattern that keep their own labels: none of them should be named. No model that is given "
          + "out is trained on a copy."),
      PageTable.markup(
        caption: "What was found of them",
        header: ["trigger", "share of the samples", "samples", "named", "found", "placebos", "placebos named"],
        rows: rows.map {
          [
            $0.name, NumberFormat.percent($0.share), "\($0.planted)", "\($0.named)", $0.isFound ? "yes" : "no",
            "\($0.placebos)", "\($0.placebosNamed)",
          ]
        }, words: [4]),
    ]
  }

  private var gallery: [Markup] {
    guard !contents.gallery.isEmpty else { return [] }
    let shown = contents.gallery.map { found in
      Markup.tag(
        "div", ["class": "class"],
        [
          PagePicture.row("\(found.name): most suspicious of \(found.named) named", found.suspects),
          found.others.isEmpty
            ? Markup.tag("p", ["class": "quiet"], text: "All samples of \(found.name) are named.")
            : PagePicture.row("\(found.name): \(found.othersAreClean ? "named clean" : "uncertain")", found.others),
        ] + (found.difference.map { [PagePicture.row("\(found.name): average difference", [$0], isLarge: true)] } ?? []))
    }
    let rest = contents.galleryLeftOut
    return [
      .tag(
        "p",
        text: "Of each class the most suspicious samples, samples of the same class that are not named, and the "
          + "mean of all suspects less the mean of the others, amplified: grey where they agree. A trigger that all "
          + "suspects carry shows itself there.")
    ] + shown
      + (rest > 0
        ? [.tag("p", ["class": "quiet"], text: "\(rest) more classes have suspects, fewer than these.")] : [])
  }

  private var classes: [Markup] {
    guard !contents.classes.isEmpty else { return [] }
    // Of very many classes those that have nothing to show are counted.
    let shown =
      contents.classes.count > Self.mostClasses
      ? contents.classes.filter { $0.poisoned + $0.uncertain > 0 } : contents.classes
    let hidden = contents.classes.count - shown.count
    let others = shown.isEmpty ? "\(hidden) classes" : "\(hidden) other classes"
    let rows = shown.map { found in
      let total = found.clean + found.uncertain + found.poisoned
      let share = NumberFormat.percent(total == 0 ? .nan : Double(found.poisoned) / Double(total))
      return [found.name, "\(total)", "\(found.poisoned)", share, "\(found.uncertain)", "\(found.clean)"]
    }
    let table = PageTable.markup(
      caption: "What the samples of each class are named",
      // What matters most stands where a phone shows it.
      header: ["class", "samples", "poisoned", "share", "uncertain", "clean"], rows: rows)
    return [.tag("div", ["class": "figures"], [classFigure].compactMap(\.self))]
      + (shown.isEmpty ? [] : [table])
      + (hidden > 0 ? [.tag("p", ["class": "quiet"], text: "Of \(others) all samples are named clean.")] : [])
  }

  private var detection: [Markup] {
    guard !contents.detection.isEmpty else { return [] }
    let rows = contents.detection.map { found in
      [found.metric.title, found.metric.unit.text(found.value), found.metric.definition]
    }
    return [
      .tag(
        "p",
        text: "Known for this set because the poison was planted for an experiment. Nothing else in the pipeline "
          + "has looked at it."),
      PageTable.markup(
        caption: "How well the samples were told apart", header: ["measure", "value", "what it is"], rows: rows,
        words: [2]),
    ] + (receiverFigure.map { [.tag("div", ["class": "figures"], [$0])] } ?? [])
  }

  /// Models on the training set itself.
  private var readings: [Markup] {
    let found = contents.readings
    guard !found.isEmpty else { return [] }
    let namesPoison = found.contains { $0.poisoned.count > 0 }
    return [
      .tag(
        "p",
        text: "How many of the samples each model gives the label that they came with."
          + (namesPoison
            ? " A model with a backdoor gives the samples named poisoned theirs as well; one without gives them the "
              + "class of what they show."
            : "")),
      PageTable.markup(
        caption: "Models on the training set",
        header: ["model", "of those named clean"] + (namesPoison ? ["of those named poisoned"] : []),
        rows: found.map { [$0.model, $0.clean.share] + (namesPoison ? [$0.poisoned.share] : []) }),
    ]
  }

  private var models: [Markup] {
    var parts = readings
    if let table = contents.models {
      parts.append(PageTable.markup(caption: "Models on test images", table))
      parts.append(
        .tag(
          "dl", [:],
          table.columns.map(\.metric).flatMap { [.tag("dt", text: $0.title), .tag("dd", text: $0.definition)] }))
    }
    if let table = contents.classAccuracy, !table.rows.isEmpty {
      parts.append(PageTable.markup(caption: "Accuracy on each class", table))
    }
    return parts
  }
}
