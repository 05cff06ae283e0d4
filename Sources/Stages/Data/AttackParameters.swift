import Attacks
import Pipelines

/// The word for an attack in a manifest: the name of one of `Attacks.all`.
struct AttackName: ParameterWord {
  let kind: any Attack.Type

  static let allCases = Attacks.all.map { AttackName(kind: $0) }

  private init(kind: any Attack.Type) { self.kind = kind }

  init?(rawValue: String) {
    guard let kind = Attacks.kind(rawValue) else { return nil }
    self.kind = kind
  }

  var rawValue: String { kind.name }
  var summary: String { kind.summary }
}

/// The settings of all attacks as parameters of a stage; each may be left out, and is refused for an
/// attack that does not have it.
enum AttackParameters {
  static let declarations: [ParameterDeclaration] = names.map { name in
    let owners = Attacks.all.compactMap { attack in
      attack.settings.first { $0.name == name }.map { Owner(attack: attack.name, setting: $0) }
    }
    return ParameterDeclaration(
      name: name, domain: domain(of: owners.map(\.setting.domain)), defaultValue: .absent,
      absentMeaning: defaults(of: owners), unit: owners.lazy.compactMap(\.setting.unit).first,
      summary: summary(of: owners))
  }

  /// The attack's settings that the manifest gives.
  static func values(in parameters: [String: ParameterValue]) -> [String: AttackValue] {
    var values: [String: AttackValue] = [:]
    for name in names {
      switch parameters[name] {
      case .real(let value): values[name] = .number(value)
      case .word(let word): values[name] = .word(word)
      default: continue
      }
    }
    return values
  }

  /// What is wrong with the settings that are given to an attack.
  static func problems(
    with parameters: [String: ParameterValue], attack: any Attack.Type
  ) -> [String] {
    values(in: parameters).sorted { $0.key < $1.key }.compactMap { name, value -> String? in
      do {
        _ = try Attacks.settings([name: value], of: attack)
        return nil
      } catch {
        return "\(error)"
      }
    }
  }

  /// In the order of the attacks, each once.
  private static let names: [String] = Attacks.all.flatMap { $0.settings }.map(\.name)
    .reduce(into: []) { names, name in if !names.contains(name) { names.append(name) } }

  private struct Owner {
    let attack: String
    let setting: AttackSetting
  }

  /// What any of the attacks takes; `problems` asks the one that is meant.
  private static func domain(of domains: [AttackSetting.Domain]) -> ParameterDeclaration.Domain {
    var bounds: [Double] = []
    var choices: [ParameterDeclaration.Choice] = []
    for domain in domains {
      switch domain {
      case .number(let range, _): bounds += [range.lowerBound, range.upperBound]
      case .word(let words, _):
        for word in words where !choices.contains(where: { $0.name == word.name }) {
          choices.append(ParameterDeclaration.Choice(word.name, word.summary))
        }
      }
    }
    if !choices.isEmpty { return .choice(choices) }
    return .real((bounds.min() ?? 0)...(bounds.max() ?? 0), share: false)
  }

  /// "40", or "40 for sig, 20 for another" where they differ.
  private static func defaults(of owners: [Owner]) -> String {
    let texts = owners.map { owner in
      switch owner.setting.domain {
      case .number(_, let value): ParameterDeclaration.text(of: .real(value))
      case .word(_, let word): word
      }
    }
    if Set(texts).count == 1 { return texts[0] }
    return zip(texts, owners).map { "\($0) for \($1.attack)" }.joined(separator: ", ")
  }

  /// "Of sig: …", attacks with the same words together.
  private static func summary(of owners: [Owner]) -> String {
    var texts: [(text: String, attacks: [String])] = []
    for owner in owners {
      if let place = texts.firstIndex(where: { $0.text == owner.setting.summary }) {
        texts[place].attacks.append(owner.attack)
      } else {
        texts.append((owner.setting.summary, [owner.attack]))
      }
    }
    return texts.map { "Of \($0.attacks.joined(separator: ", ")): \($0.text)" }.joined(separator: " ")
  }
}
