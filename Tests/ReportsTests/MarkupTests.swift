import Reports
import Testing

@Suite struct MarkupTests {
  @Test func escapes() {
    #expect(
      Markup.tag("b", ["title": "\"a\" & b"], text: "<script>\u{1}\u{7F}é").source
        == "<b title=\"&quot;a&quot; &amp; b\">&lt;script&gt;\u{FFFD}\u{FFFD}é</b>")
  }

  @Test func emptyElementsHaveNoEnd() {
    #expect(Markup.tag("br").source == "<br/>")
    #expect(Markup.tag("b").source == "<b></b>")
  }

  @Test func dataWithinAPage() {
    #expect(DataURI.png([1, 2, 3]) == "data:image/png;base64,AQID")
    #expect(DataURI.csv("a,b\r\n") == "data:text/csv;charset=utf-8;base64,YSxiDQo=")
  }

  @Test func fieldsOfCSV() {
    // Names that a spreadsheet would calculate.
    #expect(CSVText.text([["=1+1", "@x", "-a,b", "-1.5", "+2", "a=b"]]) == "'=1+1,'@x,\"'-a,b\",-1.5,+2,a=b\r\n")
    #expect(CSVText.text([["a", "b,c"], ["d\"e", "f\ng"]]) == "a,\"b,c\"\r\n\"d\"\"e\",\"f\ng\"\r\n")
  }
}
