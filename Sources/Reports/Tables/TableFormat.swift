/// How a table is written: for a terminal, a spreadsheet, a page, a paper.
package enum TableFormat: String, CaseIterable, Sendable {
  case text, csv, markdown, latex

  /// The table as a text that ends with a line break.
  package func text(of table: ResultTable) -> String {
    switch self {
    case .text: TextTable(table).lines.map { $0 + "\n" }.joined()
    case .csv: CSVTable(table).text
    case .markdown: MarkdownTable(table).text
    case .latex: LaTeXTable(table).text
    }
  }
}
