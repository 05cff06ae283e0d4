/// What is chosen for the settings of an attack, checked by `Attacks.settings`.
package struct AttackSettings: Sendable {
  private let values: [String: AttackValue]

  init(_ values: [String: AttackValue]) { self.values = values }

  /// The number chosen for `setting`, or else its default.
  func number(_ setting: AttackSetting) -> Double {
    if case .number(let value) = values[setting.name] { return value }
    guard case .number(_, let value) = setting.domain else {
      preconditionFailure("'\(setting.name)' is not a number")
    }
    return value
  }

  /// The word chosen for `setting`, or else its default.
  func word<Value: AttackWord>(_ setting: AttackSetting, as type: Value.Type = Value.self) -> Value {
    guard case .word(_, let standard) = setting.domain else {
      preconditionFailure("'\(setting.name)' is not a word")
    }
    var text = standard
    if case .word(let value) = values[setting.name] { text = value }
    guard let value = Value(rawValue: text) else {
      preconditionFailure("'\(setting.name)' was declared with other words")
    }
    return value
  }

  /// The picture chosen for `setting`; `nil` where there is none.
  func picture(_ setting: AttackSetting) -> Picture? {
    if case .picture(let picture) = values[setting.name] { return picture }
    return nil
  }

  /// The picture chosen for a setting of an attack that cannot do without.
  ///
  /// - Throws: `AttackError.missingSetting`.
  func requiredPicture(
    _ setting: AttackSetting, of attack: any Attack.Type
  ) throws(AttackError) -> Picture {
    guard let picture = picture(setting) else { throw .missingSetting(setting, attack: attack.name) }
    return picture
  }
}
