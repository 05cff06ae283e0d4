import Foundation

extension Attacks {
  /// An attack as JSON text: its name and all its settings, as `attack(fromJSON:)` takes it.
  ///
  ///     {"attack":"sig","settings":{"strength":40,"testStrength":60}}
  ///
  /// Equal attacks give equal texts.
  ///
  /// - Throws: `AttackError.notStorable` for a setting that JSON has no form for, such as NaN.
  package static func json(of attack: any Attack) throws(AttackError) -> String {
    func text<Value: Attack>(_ attack: Value) throws -> Data {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return try encoder.encode(Stored(attack: Value.name, settings: attack))
    }
    do {
      return String(decoding: try text(attack), as: UTF8.self)
    } catch {
      throw .notStorable(type(of: attack).name, detail: "\(error)")
    }
  }

  /// The attack that a text of `json(of:)` tells of.
  ///
  /// - Throws: `AttackError.unknownAttack` for an attack that is not one of `all`, and
  ///   `AttackError.unreadable` for a text of another form.
  package static func attack(fromJSON text: String) throws(AttackError) -> any Attack {
    let data = Data(text.utf8)
    guard let name = try? JSONDecoder().decode(StoredName.self, from: data).attack else {
      throw .unreadable(attack: nil)
    }
    guard let kind = kind(name) else { throw unknown(name) }
    func settings<Value: Attack>(_ kind: Value.Type) throws -> Value {
      try JSONDecoder().decode(Stored<Value>.self, from: data).settings
    }
    do {
      return try settings(kind)
    } catch {
      throw .unreadable(attack: name)
    }
  }

  private struct Stored<Value: Attack>: Codable {
    let attack: String
    let settings: Value
  }

  private struct StoredName: Codable {
    let attack: String
  }
}
