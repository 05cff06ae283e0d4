import Compute
import Images

/// A set of images with random pixels and the given labels.
package func randomSet(
  labels: [Int], shape: ImageShape = ImageShape(height: 32, width: 32, channels: 3),
  classCount: Int = 10, seed: UInt64 = 1
) throws -> ImageSet {
  var stream = RandomStream(seed: seed, purpose: RandomPurpose("test images"))
  return try ImageSet(
    pixels: (0..<labels.count * shape.count).map { _ in UInt8(truncatingIfNeeded: stream.nextWord()) },
    shape: shape, labels: labels, classNames: (0..<classCount).map { "\($0)" }, origin: "random")
}

/// Small images of random pixels, class k of `classCount` in turn.
package func randomImages(
  count: Int, side: Int = 8, classCount: Int = 4, seed: UInt64 = 1
) throws -> ImageSet {
  try randomSet(
    labels: (0..<count).map { $0 % classCount },
    shape: ImageShape(height: side, width: side, channels: 3), classCount: classCount, seed: seed)
}
