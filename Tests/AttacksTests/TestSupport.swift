import Compute
import Images

/// A set of images with random pixels and the given labels.
func randomSet(
  labels: [Int], shape: ImageShape = ImageShape(height: 32, width: 32, channels: 3),
  classCount: Int = 10, seed: UInt64 = 1
) throws -> ImageSet {
  var stream = RandomStream(seed: seed, purpose: RandomPurpose("pixels"))
  return try ImageSet(
    pixels: (0..<labels.count * shape.count).map { _ in UInt8(truncatingIfNeeded: stream.nextWord()) },
    shape: shape, labels: labels, classNames: (0..<classCount).map { "\($0)" }, origin: "random")
}
