import Foundation

/// The lengths of trainings that count in steps.
package enum TrainingSteps {
  /// Steps for a set: `steps` for 5,000 images, for more by the square root of their number, for fewer by its power
  /// of two thirds.
  ///
  /// Of 20,000 images with half of the steps that are in proportion, a patch on 2% was named to the last of 400, of
  /// a blend into 5% 981 of 1,000, of a sinusoid on half of a class 991 of 1,000.
  ///
  /// With the steps of 5,000 a network knows 1,000 images by heart, so that clean ones keep their label through all
  /// rounds, and a check network that has not seen them denies it: 61 of 100 pullovers were called poison.
  package static func scaled(_ steps: Int, images: Int) -> Int {
    let share = Double(images) / 5000
    return max(1, Int((Double(steps) * pow(share, share < 1 ? 2.0 / 3 : 0.5)).rounded()))
  }

  /// The rule of `scaled` in words, as a parameter's help ends.
  package static let rule =
    "on 5,000 images; on more by the square root of their number, on fewer by its power of 2/3."

  static func perSection(_ steps: Int, sections: Int) -> Int {
    max(1, (steps + sections - 1) / sections)
  }
}
