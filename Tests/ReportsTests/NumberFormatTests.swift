import Reports
import Testing

@Suite struct NumberFormatTests {
  @Test(arguments: [(0.97314, "97.31%"), (0, "0.00%"), (1, "100.00%"), (0.00004, "0.00%"), (.nan, "–")])
  func percent(_ share: Double, _ text: String) { #expect(NumberFormat.percent(share) == text) }

  @Test(arguments: [
    (1234.56, "1235"), (0.000123456, "0.0001235"), (12, "12"), (-0.5, "-0.5"), (1e12, "1e+12"), (.nan, "–"),
  ])
  func significant(_ value: Double, _ text: String) { #expect(NumberFormat.significant(value) == text) }

  @Test func counts() {
    #expect(NumberFormat.counts([210, 0], of: ["airplane", "cat"]) == "airplane 210, cat 0")
    #expect(NumberFormat.counts([], of: []) == "")
  }

  @Test(arguments: [
    (0, "0.00 s"), (0.314, "0.31 s"), (9.99, "9.99 s"), (9.996, "10 s"), (12.4, "12 s"), (59.6, "1 min 00 s"),
    (245, "4 min 05 s"), (3720, "1 h 02 min"), (-1, "?"), (.nan, "?"), (.infinity, "?"), (1e12, "?"),
  ])
  func duration(_ seconds: Double, _ text: String) { #expect(NumberFormat.duration(seconds) == text) }

  @Test func wholeDuration() {
    #expect(NumberFormat.wholeDuration(0.6) == "1 s")
    #expect(NumberFormat.wholeDuration(3599.7) == "1 h 00 min")
  }

  @Test(arguments: [
    (0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (1_250_000, "1.3 MB"), (99_960, "100 kB"),
    (999_400, "999 kB"), (999_600, "1.0 MB"), (352_000_000, "352 MB"), (5_000_000_000_000, "5000 GB"),
  ])
  func size(_ bytes: Int64, _ text: String) { #expect(NumberFormat.size(bytes) == text) }
}
