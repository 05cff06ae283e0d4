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

  /// Whether what is poisoned are images that were perturbed before (`PerturbedImages`). The default is not.
  static var takesPerturbedImages: Bool { get }
}

extension Attack {
  package static var settings: [AttackSetting] { [] }

  package static var takesPerturbedImages: Bool { false }

  package var testTrigger: any Trigger { trainingTrigger }

  func checkTarget(_ target: Int, classCount: Int) throws(AttackError) {
    guard classCount >= 2 else { throw .tooFewClasses(classCount) }
    guard (0..<classCount).contains(target) else {
      throw .targetOutOfRange(target, classCount: classCount)
    }
  }
}
