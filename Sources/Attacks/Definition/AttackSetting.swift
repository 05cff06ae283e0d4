/// The declaration of something that can be chosen about an attack.
package struct AttackSetting: Hashable, Sendable {
  /// What may be chosen, and what is taken when nothing is.
  package enum Domain: Hashable, Sendable {
    case number(ClosedRange<Double>, default: Double)
    /// One of a few words.
    case word([Word], default: String)
    /// A picture; `absent` says what is taken when there is none, `nil` where there must be one.
    case picture(absent: String?)
  }

  /// A word that may be chosen, and what it means.
  package struct Word: Hashable, Sendable {
    package let name: String
    package let summary: String

    package init(_ name: String, _ summary: String) {
      self.name = name
      self.summary = summary
    }
  }

  /// In lower case with hyphens, as in manifests. Attacks may have settings of the same name.
  package let name: String
  package let domain: Domain
  /// The unit of a number, where it has one.
  package let unit: String?
  package let summary: String

  package init(name: String, domain: Domain, unit: String? = nil, summary: String) {
    self.name = name
    self.domain = domain
    self.unit = unit
    self.summary = summary
  }

  /// A setting that is one of the cases of an enumeration.
  package static func word<Value: AttackWord>(
    _ name: String, default value: Value, _ summary: String
  ) -> AttackSetting {
    AttackSetting(
      name: name,
      domain: .word(
        Value.allCases.map { Word($0.rawValue, $0.summary) }, default: value.rawValue),
      summary: summary)
  }
}

/// The words of a setting: an enumeration whose raw values are the words.
package protocol AttackWord: RawRepresentable, CaseIterable, Codable, Hashable, Sendable
where RawValue == String {
  /// What the word means.
  var summary: String { get }
}

/// What is chosen for a setting.
package enum AttackValue: Hashable, Sendable {
  case number(Double)
  case word(String)
  case picture(Picture)
}

extension AttackSetting {
  /// Whether the value is of the right kind and in range.
  func takes(_ value: AttackValue) -> Bool {
    switch (domain, value) {
    case (.number(let range, _), .number(let number)): range.contains(number)
    case (.word(let words, _), .word(let word)): words.contains { $0.name == word }
    case (.picture, .picture): true
    default: false
    }
  }
}
