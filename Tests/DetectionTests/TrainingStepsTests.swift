import Detection
import Testing

@Suite struct TrainingStepsTests {
  /// Twice for four times as many as 5,000 images, a quarter for an eighth of them.
  @Test(arguments: [(0, 1), (30, 12), (625, 88), (1000, 120), (5000, 350), (20_000, 700), (50_000, 1107)])
  func growWithTheImages(images: Int, steps: Int) {
    #expect(TrainingSteps.scaled(350, images: images) == steps)
  }
}
