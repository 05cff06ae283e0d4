/// A backdoor attack: what it does to images when it poisons a training set and when it is carried out,
/// and what to labels.
///
/// An attack is a value that is stored whole with what it made, so that its test face can be had from a
/// poisoned set alone. A new attack is one file, with a type of this protocol, and one line in
/// `Attacks.all`.
package protocol Attack: Codable, Hashable, Sendable {
  /// The name in manifests and tables, such as `badnets-all2one`.
  static var name: String { get }

  /// What it does to images and labels, in a line.
  static var summary: String { get }

  /// What can be chosen about it, beyond what all attacks have (`Poisoning`). The default is nothing.
  static var settings: [AttackSetting] { get }

  /// - Throws: `AttackError` when the settings do not go together.
  init(_ settings: AttackSettings) throws(AttackError)

  /// Which images are poisoned, and what their labels become.
  var labelMode: LabelMode { get }

  /// What is done to the training images that are poisoned.
  var trainingTrigger: any Trigger { get }

  /// What is done to the images that the backdoor is used on. The default is the same.
  var testTrigger: any Trigger { get }

  /// What it cannot do without, and other stages make. The default is nothing.
  static var ingredient: AttackIngredient? { get }
}

extension Attack {
  package static var settings: [AttackSetting] { [] }

  package static var ingredient: AttackIngredient? { nil }

  package var testTrigger: any Trigger { trainingTrigger }

  func checkTarget(_ target: Int, classCount: Int) throws(AttackError) {
    guard classCount >= 2 else { throw .tooFewClasses(classCount) }
    guard (0..<classCount).contains(target) else {
      throw .targetOutOfRange(target, classCount: classCount)
    }
  }
}

/// What is made for an attack before it is carried out.
package enum AttackIngredient: Hashable, Sendable {
  /// Images that take the place of those that are poisoned (`PerturbedImages`).
  case perturbedImages
  /// A network that hides a message (`HidingEncoder`).
  case encoder
}
