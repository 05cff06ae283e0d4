import Compute
import Images

/// Small images of random pixels, class k of `classCount` in turn.
func randomImages(count: Int, side: Int = 8, classCount: Int = 4, seed: UInt64 = 1) throws -> ImageSet {
  var stream = RandomStream(seed: seed, purpose: RandomPurpose("test images"))
  return try ImageSet(
    pixels: (0..<(count * side * side * 3)).map { _ in UInt8(stream.integer(below: 256)) },
    shape: ImageShape(height: side, width: side, channels: 3), labels: (0..<count).map { $0 % classCount },
    classNames: (0..<classCount).map(String.init), origin: "test")
}
