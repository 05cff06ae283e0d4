import Compute

/// The pieces that a direct convolution is worked on in: some lines of one image, or some images.
///
/// Which they are depends on the shape alone.
struct Strips {
  let pass: LinePass
  /// Values of i, the line within a phase, in a strip.
  let lines: Int
  /// Images in a strip; 1 unless a strip has all lines.
  let images: Int

  /// Numbers of padded source in a strip: 256 KiB.
  private static let capacity = 64 << 10
  /// Enough pixels to make the most of a panel.
  private static let pixels = 256

  init(_ pass: LinePass) {
    self.pass = pass
    let all = pass.lines.count
    let perLine = max(pass.lineLength, 1)
    let perImage = pass.lines.extent(of: max(all, 1)) * perLine
    if perImage <= Self.capacity {
      lines = max(all, 1)
      let wanted = max(1, Self.pixels / max(all * pass.columns.count, 1))
      images = max(1, min(wanted, Self.capacity / perImage))
    } else {
      let overlap = pass.lines.extent(of: 1) - pass.lines.sourceStep
      lines = max(1, min(all, (Self.capacity / perLine - overlap) / pass.lines.sourceStep))
      images = 1
    }
  }

  /// A strip's images and lines.
  struct Strip {
    let images: Range<Int>
    let lines: Range<Int>
  }

  func count(ofImages images: Int) -> Int {
    Blocks(images, ofAtMost: self.images).blockCount * perImage
  }

  /// Strips of an image, or of a group of them.
  private var perImage: Int { (pass.lines.count + lines - 1) / lines }

  func strip(_ index: Int, ofImages images: Int) -> Strip {
    let (group, part) = index.quotientAndRemainder(dividingBy: perImage)
    return Strip(
      images: Blocks(images, ofAtMost: self.images)[group],
      lines: Blocks(pass.lines.count, ofAtMost: lines)[part])
  }

  /// Numbers of padded source of one image in a strip.
  var imageLength: Int { pass.lines.extent(of: lines) * pass.lineLength }

  /// Padded source of a full strip, and what a product may read behind it.
  var sourceCount: Int {
    images * imageLength + 16 * (pass.columns.sourceStep + 1) * (pass.sourceChannels + 1)
  }

  func copySource(
    _ strip: Strip, of source: UnsafePointer<Float>, into padded: UnsafeMutablePointer<Float>
  ) {
    let size = pass.lines.source * pass.columns.source * pass.sourceChannels
    for (place, image) in strip.images.enumerated() {
      pass.copySource(
        strip.lines, of: source + image * size, into: padded + place * imageLength)
    }
  }
}
