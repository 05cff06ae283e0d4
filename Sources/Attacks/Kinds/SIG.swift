/// SIG (Barni, Kallas and Tondi 2019): a sinusoid over images of the target class, whose labels stay; it is
/// stronger on test images.
package struct SIG: Attack {
  package static let name = "sig"
  package static let summary = "a sinusoid over images of the target class, which keep their label"

  static let trainingStrength = AttackSetting(
    name: "strength", domain: .number(0...255, default: 40), unit: "grey levels",
    summary: "Amplitude of the sinusoid on training images.")
  static let testStrength = AttackSetting(
    name: "test-strength", domain: .number(0...255, default: 60), unit: "grey levels",
    summary: "Amplitude of the sinusoid on test images.")
  package static let settings = [trainingStrength, testStrength]

  /// δ on training images, in grey levels.
  package let strength: Double
  /// δ on test images, in grey levels.
  package let testStrength: Double

  package init(strength: Double = 40, testStrength: Double = 60) {
    self.strength = strength
    self.testStrength = testStrength
  }

  package init(_ settings: AttackSettings) {
    self.init(
      strength: settings.number(Self.trainingStrength),
      testStrength: settings.number(Self.testStrength))
  }

  package var labelMode: LabelMode { .cleanLabel }
  package var trainingTrigger: any Trigger { SinusoidTrigger(strength: strength) }
  package var testTrigger: any Trigger { SinusoidTrigger(strength: testStrength) }
}
