import Reports
import Testing

/// What each renderer makes of the same tables, to the letter.
@Suite struct TableFormatTests {
  /// Two groups, means with and without deviations, a gap, an average.
  private static let sweep: ResultTable = {
    let values: [[[Double]]] = [
      [[0.461, 0.467], [0, 0]], [[0.5, 0.6], [0.01, 0.03]],
      [[0.475], [0.999]], [],
    ]
    return ResultTable(
      rowTitle: "loss", rows: ["ctl", "s_ctl"], groups: ["badnets-all2one", "blend"],
      metrics: [.accuracy, .attackSuccess], hasAverage: true
    ) { row, group, metric in
      let cells = values[2 * row + group]
      return cells.isEmpty ? nil : ResultCell(cells[metric == .accuracy ? 0 : 1])
    }
  }()

  /// One value in each cell, no groups.
  private static let models = ResultTable(
    rowTitle: "model", rows: ["before", "after"], metrics: [.accuracyWithoutTarget, .relearnLoss]
  ) { row, _, metric in
    ResultCell(metric == .relearnLoss ? [1.25, 0.0375][row] : [0.8806, 1][row])
  }

  /// One metric alone: the rows are classes.
  private static let classes = ResultTable(
    rowTitle: "class", rows: ["T-shirt/top", "Bag, or \"sack\""], groups: ["before", "after"],
    metrics: [.classAccuracy]
  ) { row, group, _ in
    row == 1 && group == 1 ? nil : ResultCell(0.801 + Double(group) / 100)
  }

  @Test func text() {
    #expect(
      TableFormat.text.text(of: Self.sweep) == """
                 ───── badnets-all2one ─────  ────────── blend ──────────
        loss               ACC           ASR            ACC           ASR
        ctl      46.40 ± 0.42%  0.00 ± 0.00%  55.00 ± 7.07%  2.00 ± 1.41%
        s_ctl           47.50%        99.90%              –             –
        average         46.95%        49.95%              –             –

        """)
    #expect(
      TableFormat.text.text(of: Self.models) == """
        model   ACC w/o target  relearn loss
        before          88.06%          1.25
        after          100.00%        0.0375

        """)
    #expect(
      TableFormat.text.text(of: Self.classes) == """
        accuracy by class  before   after
        T-shirt/top        80.10%  81.10%
        Bag, or "sack"     80.10%       –

        """)
  }

  @Test func csv() {
    #expect(
      TableFormat.csv.text(of: Self.sweep) == """
        loss,badnets-all2one ACC (%),badnets-all2one ACC deviation (%),badnets-all2one ACC count,\
        badnets-all2one ASR (%),badnets-all2one ASR deviation (%),badnets-all2one ASR count,\
        blend ACC (%),blend ACC deviation (%),blend ACC count,\
        blend ASR (%),blend ASR deviation (%),blend ASR count\r
        ctl,46.40,0.42,2,0.00,0.00,2,55.00,7.07,2,2.00,1.41,2\r
        s_ctl,47.50,,1,99.90,,1,,,,,,\r
        average,46.95,,,49.95,,,,,,,,\r

        """)
    #expect(
      TableFormat.csv.text(of: Self.classes) == """
        class,before accuracy (%),after accuracy (%)\r
        T-shirt/top,80.10,81.10\r
        "Bag, or ""sack"\"",80.10,\r

        """)
  }

  @Test(arguments: ["a,b", "a\"b", "a\nb", "a\rb", "a\r\nb"]) func csvQuotes(_ name: String) {
    let table = ResultTable(rowTitle: "", rows: [name], metrics: [.accuracy]) { _, _, _ in ResultCell(1) }
    let quoted = "\"" + name.replacing("\"", with: "\"\"") + "\""
    #expect(TableFormat.csv.text(of: table) == ",ACC (%)\r\n\(quoted),100.00\r\n")
  }

  @Test func markdown() {
    #expect(
      TableFormat.markdown.text(of: Self.sweep) == """
        | loss | badnets-all2one ACC (%) | badnets-all2one ASR (%) | blend ACC (%) | blend ASR (%) |
        | --- | ---: | ---: | ---: | ---: |
        | ctl | 46.40 ± 0.42 | 0.00 ± 0.00 | 55.00 ± 7.07 | 2.00 ± 1.41 |
        | s\\_ctl | 47.50 | 99.90 | – | – |
        | **average** | **46.95** | **49.95** | **–** | **–** |

        """)
    #expect(
      TableFormat.markdown.text(of: Self.models) == """
        | model | ACC w/o target (%) | relearn loss |
        | --- | ---: | ---: |
        | before | 88.06 | 1.25 |
        | after | 100.00 | 0.0375 |

        """)
  }

  @Test func latex() {
    #expect(
      TableFormat.latex.text(of: Self.sweep) == #"""
        \begin{tabular}{lrrrr}
        \hline
         & \multicolumn{2}{c}{badnets-all2one} & \multicolumn{2}{c}{blend} \\
        loss & ACC (\%) & ASR (\%) & ACC (\%) & ASR (\%) \\
        \hline
        ctl & $46.40 \pm 0.42$ & $0.00 \pm 0.00$ & $55.00 \pm 7.07$ & $2.00 \pm 1.41$ \\
        s\_ctl & 47.50 & 99.90 & -- & -- \\
        \hline
        average & 46.95 & 49.95 & -- & -- \\
        \hline
        \end{tabular}

        """#)
    let odd = ResultTable(rowTitle: "a & b", rows: [##"\ ~ ^ { } % $ #"##], metrics: [.relearnLoss]) {
      _, _, _ in ResultCell(1)
    }
    #expect(
      TableFormat.latex.text(of: odd) == ##"""
        \begin{tabular}{lr}
        \hline
        a \& b & relearn loss \\
        \hline
        \textbackslash{} \textasciitilde{} \textasciicircum{} \{ \} \% \$ \# & 1 \\
        \hline
        \end{tabular}

        """##)
  }

  @Test func alignedText() {
    #expect(
      AlignedText.lines([["a", "bcd", ""], ["ab", "c"], []]) == ["a   bcd", "ab  c", ""])
    #expect(
      AlignedText.lines([["a", "bcd", "1"], ["ab", "c", "22"]], sides: [.left, .right])
        == ["a   bcd   1", "ab    c  22"])
  }
}
