import Images
import Pipelines

extension ImageSet {
  /// The same for sets with the same images and labels, whatever their origin.
  var digest: Digest {
    var builder = DigestBuilder()
    for number in [shape.height, shape.width, shape.channels, classCount, count] + labels {
      builder.add(number)
    }
    pixels.withUnsafeBytes { builder.addBytes($0) }
    return builder.finish()
  }
}
