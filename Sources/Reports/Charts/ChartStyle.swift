/// The style sheet of charts, for the page that they are in, or for one alone in a file.
package enum ChartStyle {
  /// The variables: colours on light ground, and on dark.
  package static let light = """
    --chart-ink:#1f2328;--chart-grid:#d8dee4;--chart-grey:#6e7781;--chart-green:#00795a;--chart-red:#c2410c;\
    --chart-blue:#0b62b8;--chart-orange:#9a6700;--chart-purple:#8250a8;
    """
  package static let dark = """
    --chart-ink:#e6edf3;--chart-grid:#363d46;--chart-grey:#9198a1;--chart-green:#2fc59a;--chart-red:#ff8a5c;\
    --chart-blue:#6cb6ff;--chart-orange:#e3b341;--chart-purple:#c9a0f0;
    """

  package static let rules =
    """
    .chart{width:100%;height:auto;font:12px system-ui,sans-serif}
    .chart text{fill:var(--chart-ink)}
    .chart .title{font-weight:600}
    .chart .grid{stroke:var(--chart-grid);stroke-width:1}
    .chart .axis{stroke:var(--chart-ink);stroke-width:1}
    .chart .columns{fill-opacity:.75}
    .chart .line{fill:none;stroke-width:2;stroke-linejoin:round}
    .chart .dashed{stroke-dasharray:5 4}
    .chart .arc{stroke-width:1;stroke-opacity:.7}
    .chart .upright{stroke-width:2;stroke-dasharray:2 3}
    .chart .points{fill:none;stroke-width:4;stroke-linecap:round;stroke-opacity:.7}

    """
    + ChartColour.allCases.map { colour in
      """
      .chart .\(colour.cssClass){fill:var(--chart-\(colour.rawValue));stroke:var(--chart-\(colour.rawValue))}
      .chart .columns.\(colour.cssClass){stroke:none}
      .chart .line.\(colour.cssClass),.chart .points.\(colour.cssClass){fill:none}

      """
    }.joined()
}
