/// The declaration of one parameter of a stage: what `winnow stages` prints and what checks a manifest.
package struct ParameterDeclaration: Sendable {
  /// The values that a parameter takes.
  package enum Domain: Hashable, Sendable {
    case integer(ClosedRange<Int>)
    /// A real number. With `share`, `10%` may be written for `0.1`.
    case real(ClosedRange<Double>, share: Bool)
    /// `yes` or `no`.
    case flag
    /// One of a few words, each with what it means.
    case choice([Choice])
    /// A list of integers separated by spaces; the empty list is written `none`.
    case integers(ClosedRange<Int>)
    /// Height and width of an image, at least 1 and at most the number, written `32x64`.
    case size(Int)
    /// Names separated by commas.
    case names
    /// A file or folder that must exist; its bytes enter the fingerprint.
    case path
  }

  /// A word of a `choice` and its meaning.
  package struct Choice: Hashable, Sendable {
    package let name: String
    package let summary: String

    package init(_ name: String, _ summary: String) {
      self.name = name
      self.summary = summary
    }
  }

  package let name: String
  package let domain: Domain
  /// The value when the manifest gives none; `nil` where the manifest must give one.
  package let defaultValue: ParameterValue?
  /// For optional parameters, what leaving it out means ("all images"); `nil` for the others.
  package let absentMeaning: String?
  /// The unit of a number ("epochs", "degrees"), where it has one.
  package let unit: String?
  package let summary: String

  package init(
    name: String, domain: Domain, defaultValue: ParameterValue?, absentMeaning: String? = nil,
    unit: String? = nil, summary: String
  ) {
    self.name = name
    self.domain = domain
    self.defaultValue = defaultValue
    self.absentMeaning = absentMeaning
    self.unit = unit
    self.summary = summary
  }
}
