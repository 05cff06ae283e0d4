import Detection
import Testing

@Suite struct TrainingStepsTests {
  /// As they are up to 5,000 images, twice for four times as many.
  @Test(arguments: [(30, 350), (5000, 350), (20_000, 700), (50_000, 1107)])
  func growWithTheRootOfTheImages(images: Int, steps: Int) {
    #expect(TrainingSteps.scaled(350, images: images) == steps)
  }
}
