import Attacks
import Images
import TestSupport
import Testing

/// Attacks as values: their names, their settings, and how they are stored.
@Suite struct AttackTests {
  /// All that need no more than their name.
  static var published: [any Attack] {
    get throws {
      try Attacks.all.filter { !["custom", "ssba"].contains($0.name) }.map { try Attacks.make($0.name) }
    }
  }

  @Test func publishedNames() {
    #expect(
      Attacks.all.map { $0.name } == [
        "badnets-all2one", "badnets-all2all", "trojan", "blend-strip", "blend-kitty", "sig", "cl", "ssba", "custom",
      ])
    for kind in Attacks.all { #expect(Attacks.kind(kind.name)?.name == kind.name) }
    #expect(Attacks.kind("badnets") == nil)
  }

  @Test func labels() throws {
    let modes = try Self.published.map { $0.labelMode }
    #expect(
      modes == [.allToOne, .allToAll, .allToOne, .allToOne, .allToOne, .cleanLabel, .cleanLabel])
  }

  /// Whatever the settings, the faces of what was stored are the faces of what is read.
  @Test func storedAndRead() throws {
    let image = try randomSet(labels: [0])[0]
    let picture = try Picture(
      Image(pixels: (0..<48).map { 5 * $0 }, shape: ImageShape(height: 3, width: 4, channels: 4)))
    let attacks = try Self.published + [
      SIG(strength: 1.5, testStrength: 255), BadNetsAllToOne(pattern: .square),
      BlendStrip(pattern: .sinusoid), BlendStrip(pattern: .noise), BlendKitty(picture: picture),
      Trojan(patch: picture, gap: 2, overflow: .saturate),
      Attacks.make(
        "custom", ["picture": .picture(picture), "place": .word("random"), "opacity": .number(0.7)]),
    ]
    for attack in attacks {
      let text = try Attacks.json(of: attack)
      let read = try Attacks.attack(fromJSON: text)
      #expect(try Attacks.json(of: read) == text)
      #expect(type(of: read).name == type(of: attack).name)
      #expect(read.labelMode == attack.labelMode)
      #expect(try read.trainingTrigger.stamped(image) == attack.trainingTrigger.stamped(image))
      #expect(try read.testTrigger.stamped(image) == attack.testTrigger.stamped(image))
    }
  }

  /// Files of one version are read by the next.
  @Test func storedForm() throws {
    #expect(
      try Attacks.json(of: BlendStrip())
        == #"{"attack":"blend-strip","settings":{"pattern":"stripes"}}"#)
    #expect(try Attacks.json(of: LabelConsistent()) == #"{"attack":"cl","settings":{}}"#)
    // Pixels in base 64: 1, 2, 3 is AQID.
    let patch = try Picture(
      Image(pixels: [1, 2, 3], shape: ImageShape(height: 1, width: 1, channels: 3)))
    #expect(
      try Attacks.json(of: Trojan(patch: patch))
        == #"{"attack":"trojan","settings":{"gap":4,"overflow":"wrap","#
        + #""patch":{"channels":3,"height":1,"pixels":"AQID","width":1}}}"#)
    let text = #"{"attack":"sig","settings":{"strength":40,"testStrength":60}}"#
    #expect(try Attacks.json(of: SIG()) == text)
    #expect(try Attacks.attack(fromJSON: text) as? SIG == SIG())
  }

  @Test func whatCannotBeRead() {
    #expect(
      throws: AttackError.unknownAttack("wanet", known: Attacks.all.map { $0.name })
    ) { try Attacks.attack(fromJSON: #"{"attack":"wanet","settings":{"grid":4}}"#) }
    for text in [
      "", "null", "[]", #"{"settings":{}}"#, #"{"attack":7}"#, "{\"attack\":\"sig\"", "\u{0}",
    ] {
      #expect(throws: AttackError.unreadable(attack: nil)) { try Attacks.attack(fromJSON: text) }
    }
    for shape in [
      #""height":2,"width":1"#, #""height":-1,"width":-1"#, #""height":9223372036854775807,"width":2"#,
    ] {
      let text = #"{"attack":"blend-kitty","settings":{"picture":{"channels":3,"pixels":"AQID",\#(shape)}}}"#
      #expect(throws: AttackError.unreadable(attack: "blend-kitty")) { try Attacks.attack(fromJSON: text) }
    }
    for settings in ["", #","settings":{}"#, #","settings":{"strength":"strong","testStrength":60}"#] {
      #expect(throws: AttackError.unreadable(attack: "sig")) {
        try Attacks.attack(fromJSON: #"{"attack":"sig"\#(settings)}"#)
      }
    }
    #expect(throws: AttackError.self) { try Attacks.json(of: SIG(strength: .nan)) }
    #expect(
      AttackError.unreadable(attack: "sig").description
        == "what is stored of the attack 'sig' is not in the form that this version knows; "
        + "make the poisoned set again")
  }

  /// A file may hold any numbers.
  @Test func strengthsWithoutMeasure() throws {
    let image = try randomSet(labels: [0])[0]
    let text = #"{"attack":"sig","settings":{"strength":1e300,"testStrength":-1e300}}"#
    let attack = try Attacks.attack(fromJSON: text)
    for trigger in [attack.trainingTrigger, attack.testTrigger] {
      let pixels = try trigger.stamped(image).pixels
      #expect(pixels.contains(0) && pixels.contains(255))
    }
  }

  @Test func settings() throws {
    let sig = try Attacks.make("sig", ["strength": .number(20)])
    #expect(sig as? SIG == SIG(strength: 20, testStrength: 60))
    #expect(try Attacks.make("sig") as? SIG == SIG(strength: 40, testStrength: 60))
    func message(_ name: String, _ values: [String: AttackValue]) -> String {
      do throws(AttackError) {
        _ = try Attacks.make(name, values)
        return "no error"
      } catch {
        return error.description
      }
    }
    #expect(message("sig", ["strength": .number(255), "test-strength": .number(0)]) == "no error")
    #expect(
      message("sig", ["strength": .number(256)]) == "'strength' of the attack 'sig' is 256, but must be "
        + "a number of grey levels from 0 to 255")
    #expect(message("sig", ["strength": .word("high")]).contains("is 'high', but must be a number"))
    #expect(
      message("blend-strip", ["strength": .number(20)])
        == "'strength' is no setting of the attack 'blend-strip', but of sig; 'blend-strip' has 'pattern'")
    #expect(message("cl", ["strength": .number(20)]).hasSuffix("but of sig; 'cl' has none"))
    #expect(
      message("trojan", ["picture": .word("cat.png")])
        == "'picture' of the attack 'trojan' is 'cat.png', but must be a picture")
    #expect(
      message("sig", ["side": .number(3)])
        == "'side' is no setting of the attack 'sig'; 'sig' has 'strength', 'test-strength'")
    #expect(
      message("wanet", [:]) == "there is no attack 'wanet'; there are badnets-all2one, "
        + "badnets-all2all, trojan, blend-strip, blend-kitty, sig, cl, ssba, custom")
  }

  /// Attacks share the parameters of one stage: what has one name is of one kind everywhere, and its
  /// default is one that it takes.
  @Test func settingsGoTogether() throws {
    var kinds: [String: String] = [:]
    for attack in Attacks.all {
      #expect(Set(attack.settings.map(\.name)).count == attack.settings.count)
      for setting in attack.settings {
        switch setting.domain {
        case .number(let range, let value):
          #expect(range.contains(value))
          #expect(kinds.updateValue("number", forKey: setting.name) ?? "number" == "number")
        case .word(let words, let value):
          #expect(words.contains { $0.name == value })
          #expect(kinds.updateValue("word", forKey: setting.name) ?? "word" == "word")
        case .picture:
          #expect(kinds.updateValue("picture", forKey: setting.name) ?? "picture" == "picture")
        }
      }
    }
  }
}
