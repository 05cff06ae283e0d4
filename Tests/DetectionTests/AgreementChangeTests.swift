import Detection
import Foundation
import Testing

@Suite struct AgreementChangeTests {
  /// By hand: 4 of 5 and 1 of 5, for 5 of 10.
  @Test func theLikeliestPlace() throws {
    let agrees = [true, true, false, true, true, false, false, true, false, false]
    let change = try #require(AgreementChange(along: agrees, fewest: 2))
    #expect(change.count == 5 && change.agreement == 0.8)
    let expected = 2 * (4 * log(0.8) + log(0.2)) - 10 * log(0.5)
    #expect(abs(change.gain - expected) < 1e-12)
    // With three on either side the same; with six there is none.
    #expect(AgreementChange(along: agrees, fewest: 3) == change)
    #expect(AgreementChange(along: agrees, fewest: 6) == nil)
  }

  @Test func whereNothingChanges() throws {
    let same = try #require(AgreementChange(along: [Bool](repeating: false, count: 30), fewest: 10))
    #expect(same.gain == 0 && same.agreement == 0)
    #expect(AgreementChange(along: [], fewest: 10) == nil)
  }

  /// From none to all: each side is certain of itself.
  @Test func aCleanChange() throws {
    let change = try #require(
      AgreementChange(along: (0..<60).map { $0 >= 25 }, fewest: 10))
    #expect(change.count == 25 && change.agreement == 0)
    #expect(abs(change.gain + 25 * log(25.0 / 60) + 35 * log(35.0 / 60)) < 1e-12)
  }
}
