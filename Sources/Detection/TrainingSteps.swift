/// The lengths of trainings that count in steps.
package enum TrainingSteps {
  /// Steps for a set: what is right for 5,000 images and fewer, and for more as the square root of their number.
  ///
  /// Of 20,000 images with half of the steps that are in proportion, a patch on 2% was named to the last of 400, of
  /// a blend into 5% 981 of 1,000, of a sinusoid on half of a class 991 of 1,000.
  package static func scaled(_ steps: Int, images: Int) -> Int {
    images <= 5000 ? steps : Int((Double(steps) * (Double(images) / 5000).squareRoot()).rounded())
  }

  static func perSection(_ steps: Int, sections: Int) -> Int {
    max(1, (steps + sections - 1) / sections)
  }
}
