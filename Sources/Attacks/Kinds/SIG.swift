/// SIG (Barni, Kallas and Tondi 2019): a sinusoid over images of the target class, whose labels stay; it is
/// stronger on test images.
public struct SIG: Attack {
  public static let name = "sig"
  public static let summary = "a sinusoid over images of the target class, which keep their label"

  static let trainingStrength = AttackSetting(
    name: "strength", domain: .number(0...255, default: 40), unit: "grey levels",
    summary: "Amplitude of the sinusoid on training images.")
  static let testStrength = AttackSetting(
    name: "test-strength", domain: .number(0...255, default: 60), unit: "grey levels",
    summary: "Amplitude of the sinusoid on test images.")
  public static let settings = [trainingStrength, testStrength]

  /// δ on training images, in grey levels.
  public let strength: Double
  /// δ on test images, in grey levels.
  public let testStrength: Double

  public init(strength: Double = 40, testStrength: Double = 60) {
    self.strength = strength
    self.testStrength = testStrength
  }

  public init(_ settings: AttackSettings) {
    self.init(
      strength: settings.number(Self.trainingStrength),
      testStrength: settings.number(Self.testStrength))
  }

  public var labelMode: LabelMode { .cleanLabel }
  public var trainingTrigger: any Trigger { SinusoidTrigger(strength: strength) }
  public var testTrigger: any Trigger { SinusoidTrigger(strength: testStrength) }
}
