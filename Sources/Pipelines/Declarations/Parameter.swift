/// A typed key for a parameter: `context[epochs]` is an `Int` when `epochs` is a `Parameter<Int>`.
///
///     static let epochs = Parameter.integer("epochs", in: 1...10_000, default: 2, "Passes over the data.")
package struct Parameter<Value: Sendable>: Sendable {
  package let declaration: ParameterDeclaration
  let extract: @Sendable (ParameterValue) -> Value?

  package var name: String { declaration.name }

  /// The value in a set of checked parameters.
  ///
  /// The manifest's checks guarantee that it is there and has this type; anything else is a stage
  /// that reads a parameter which it has not declared.
  package func value(in parameters: [String: ParameterValue]) -> Value {
    guard let stored = parameters[name], let value = extract(stored) else {
      preconditionFailure("a stage reads the parameter '\(name)', which it has not declared so")
    }
    return value
  }
}

extension Parameter where Value == Int {
  package static func integer(
    _ name: String, in range: ClosedRange<Int>, default value: Int? = nil, unit: String? = nil,
    _ summary: String
  ) -> Self {
    Self(
      declaration: ParameterDeclaration(
        name: name, domain: .integer(range), defaultValue: value.map(ParameterValue.integer),
        unit: unit, summary: summary),
      extract: { if case .integer(let value) = $0 { value } else { nil } })
  }
}

extension Parameter where Value == Int? {
  /// An integer that may be left out; `absent` says what that means.
  package static func optionalInteger(
    _ name: String, in range: ClosedRange<Int>, absent: String, unit: String? = nil,
    _ summary: String
  ) -> Self {
    Self(
      declaration: ParameterDeclaration(
        name: name, domain: .integer(range), defaultValue: .absent, absentMeaning: absent,
        unit: unit, summary: summary),
      extract: {
        switch $0 {
        case .integer(let value): .some(.some(value))
        case .absent: .some(.none)
        default: .none
        }
      })
  }
}

extension Parameter where Value == Double {
  package static func real(
    _ name: String, in range: ClosedRange<Double>, default value: Double? = nil,
    unit: String? = nil, _ summary: String
  ) -> Self {
    Self.real(name, range, value, share: false, unit, summary)
  }

  /// A real number that may be written in percent.
  package static func share(
    _ name: String, in range: ClosedRange<Double> = 0...1, default value: Double? = nil,
    _ summary: String
  ) -> Self {
    Self.real(name, range, value, share: true, nil, summary)
  }

  private static func real(
    _ name: String, _ range: ClosedRange<Double>, _ value: Double?, share: Bool, _ unit: String?,
    _ summary: String
  ) -> Self {
    Self(
      declaration: ParameterDeclaration(
        name: name, domain: .real(range, share: share),
        defaultValue: value.map(ParameterValue.real), unit: unit, summary: summary),
      extract: { if case .real(let value) = $0 { value } else { nil } })
  }
}

extension Parameter where Value == Bool {
  package static func flag(_ name: String, default value: Bool? = nil, _ summary: String) -> Self {
    Self(
      declaration: ParameterDeclaration(
        name: name, domain: .flag, defaultValue: value.map(ParameterValue.flag), summary: summary),
      extract: { if case .flag(let value) = $0 { value } else { nil } })
  }
}

extension Parameter where Value == [Int] {
  package static func integers(
    _ name: String, in range: ClosedRange<Int>, default value: [Int]? = nil, unit: String? = nil,
    _ summary: String
  ) -> Self {
    Self(
      declaration: ParameterDeclaration(
        name: name, domain: .integers(range), defaultValue: value.map(ParameterValue.integers),
        unit: unit, summary: summary),
      extract: { if case .integers(let value) = $0 { value } else { nil } })
  }
}

extension Parameter where Value == String {
  /// A file or folder outside the pipeline, as written in the manifest.
  package static func path(_ name: String, _ summary: String) -> Self {
    Self(
      declaration: ParameterDeclaration(
        name: name, domain: .path, defaultValue: nil, summary: summary),
      extract: { if case .path(let value) = $0 { value } else { nil } })
  }
}

extension Parameter where Value == String? {
  /// A file or folder outside the pipeline that may be left out; `absent` says what that means.
  package static func optionalPath(_ name: String, absent: String, _ summary: String) -> Self {
    Self(
      declaration: ParameterDeclaration(
        name: name, domain: .path, defaultValue: .absent, absentMeaning: absent, summary: summary),
      extract: {
        switch $0 {
        case .path(let value): .some(.some(value))
        case .absent: .some(.none)
        default: .none
        }
      })
  }
}

extension Parameter where Value == PixelSize? {
  /// Height and width of an image, which may be left out; `absent` says what that means.
  package static func optionalSize(
    _ name: String, upTo largest: Int, absent: String, _ summary: String
  ) -> Self {
    Self(
      declaration: ParameterDeclaration(
        name: name, domain: .size(largest), defaultValue: .absent, absentMeaning: absent, summary: summary),
      extract: {
        switch $0 {
        case .size(let height, let width): .some(.some(PixelSize(height: height, width: width)))
        case .absent: .some(.none)
        default: .none
        }
      })
  }
}

extension Parameter where Value == [String]? {
  /// Names, which may be left out; `absent` says what that means.
  package static func optionalNames(_ name: String, absent: String, _ summary: String) -> Self {
    Self(
      declaration: ParameterDeclaration(
        name: name, domain: .names, defaultValue: .absent, absentMeaning: absent, summary: summary),
      extract: {
        switch $0 {
        case .names(let values): .some(.some(values))
        case .absent: .some(.none)
        default: .none
        }
      })
  }
}

/// Height and width of an image, as a parameter says them.
package struct PixelSize: Hashable, Sendable {
  package let height: Int
  package let width: Int
}

/// A set of words for a manifest: an enumeration whose raw values are the words.
package protocol ParameterWord: RawRepresentable, CaseIterable, Sendable where RawValue == String {
  /// What the word means, for `winnow stages`.
  var summary: String { get }
}

extension Parameter where Value: ParameterWord {
  package static func choice(_ name: String, default value: Value? = nil, _ summary: String) -> Self {
    Self(
      declaration: ParameterDeclaration(
        name: name,
        domain: .choice(
          Value.allCases.map { ParameterDeclaration.Choice($0.rawValue, $0.summary) }),
        defaultValue: value.map { .word($0.rawValue) }, summary: summary),
      extract: { if case .word(let word) = $0 { Value(rawValue: word) } else { nil } })
  }
}
