/// The attacks that there are.
package enum Attacks {
  /// All kinds, in the order in which they are listed.
  package static let all: [any Attack.Type] = [
    BadNetsAllToOne.self,
    BadNetsAllToAll.self,
    Trojan.self,
    BlendStrip.self,
    BlendKitty.self,
    SIG.self,
    LabelConsistent.self,
    SSBA.self,
    Custom.self,
  ]

  /// The kind of that name, or `nil` when there is none.
  package static func kind(_ name: String) -> (any Attack.Type)? { all.first { $0.name == name } }

  /// An attack by its name and settings.
  ///
  /// - Parameter values: What is chosen; what is not has its default.
  /// - Throws: `AttackError` when there is no such attack, or it does not take a setting.
  package static func make(
    _ name: String, _ values: [String: AttackValue] = [:]
  ) throws(AttackError) -> any Attack {
    guard let kind = kind(name) else { throw unknown(name) }
    return try kind.init(settings(values, of: kind))
  }

  /// The checked settings of an attack.
  ///
  /// - Throws: `AttackError` when the attack has no such setting, or a setting does not take the value.
  package static func settings(
    _ values: [String: AttackValue], of kind: any Attack.Type
  ) throws(AttackError) -> AttackSettings {
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      let setting = try setting(name, of: kind)
      guard setting.takes(value) else {
        throw .valueNotTaken(value, setting: setting, attack: kind.name)
      }
    }
    return AttackSettings(values)
  }

  /// A setting of an attack.
  ///
  /// - Throws: `AttackError.unknownSetting`.
  package static func setting(
    _ name: String, of kind: any Attack.Type
  ) throws(AttackError) -> AttackSetting {
    if let setting = kind.settings.first(where: { $0.name == name }) { return setting }
    let owners = all.filter { $0.settings.contains { $0.name == name } }
    throw .unknownSetting(
      name, attack: kind.name, known: kind.settings.map(\.name), owners: owners.map { $0.name })
  }

  static func unknown(_ name: String) -> AttackError {
    .unknownAttack(name, known: all.map { $0.name })
  }
}
