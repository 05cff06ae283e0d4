import Attacks
import Images
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

  /// The attack's settings that the manifest gives; pictures are read.
  ///
  /// - Throws: `ImageReaderError` or `PNGError` for a file that is no picture, `AttackError` for a picture
  ///   that attacks do not take.
  static func values(in context: StageContext) throws -> [String: AttackValue] {
    var values: [String: AttackValue] = [:]
    for name in names {
      guard let parameter = context.parameters[name] else { continue }
      if case .path(let path) = parameter {
        let image = try PNGFile.read(context.path(path), pixelLimit: Picture.largest)
        values[name] = .picture(try Picture(image))
      } else {
        values[name] = value(of: parameter)
      }
    }
    return values
  }

  /// What is wrong with the settings that are given to an attack, as far as can be told without reading
  /// pictures.
  static func problems(
    with parameters: [String: ParameterValue], attack: any Attack.Type
  ) -> [String] {
    let given = names.filter { parameters[$0].map { $0 != .absent } ?? false }
    let wrong = given.sorted().compactMap { name -> String? in
      do throws(AttackError) {
        if let value = parameters[name].flatMap(value) {
          _ = try Attacks.settings([name: value], of: attack)
        } else {
          _ = try Attacks.setting(name, of: attack)
        }
        return nil
      } catch {
        return "\(error)"
      }
    }
    let missing = attack.settings.filter {
      $0.domain == .picture(absent: nil) && !given.contains($0.name)
    }
    return wrong + missing.map { "\(AttackError.missingSetting($0, attack: attack.name))" }
  }

  private static func value(of parameter: ParameterValue) -> AttackValue? {
    switch parameter {
    case .real(let value): .number(value)
    case .word(let word): .word(word)
    default: nil
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
      case .picture: return .path
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
      case .picture(let absent): absent ?? "must be given"
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
