import Foundation
import Images
import Testing

/// A case of `Fixtures/resampling.txt`.
private struct ResamplingFixture {
  let images: ImageSet
  let size: ImageSize
  let fit: ImageFit
  let result: [UInt8]
  let text: String

  static let all: [ResamplingFixture] = {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/resampling.txt")
    guard let text = try? String(contentsOf: path, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { ResamplingFixture($0) }
  }()

  private init?(_ line: Substring) {
    let fields = line.split(separator: " ").map(String.init)
    let shape = fields[0].split(separator: "x").compactMap { Int($0) }
    let size = fields[1].split(separator: "x").compactMap { Int($0) }
    guard shape.count == 3, size.count == 2, let fit = ImageFit(rawValue: fields[2]),
      let data = Data(base64Encoded: fields[4])
    else { return nil }
    let imageShape = ImageShape(height: shape[0], width: shape[1], channels: shape[2])
    guard
      let images = try? ImageSet(
        pixels: testImage(imageShape).pixels, shape: imageShape, labels: [0], classNames: ["0"], origin: "")
    else { return nil }
    self.images = images
    self.size = ImageSize(height: size[0], width: size[1])
    self.fit = fit
    result = Array(data)
    text = fields[..<3].joined(separator: " ")
  }
}

@Suite("Images at another size")
struct ResamplingTests {
  @Test("what Pillow's bilinear resize makes of them, every byte")
  func pillow() {
    #expect(ResamplingFixture.all.count == 36)
    for fixture in ResamplingFixture.all {
      let found = fixture.images.resized(to: fixture.size, fit: fixture.fit)
      let differences = zip(found.pixels, fixture.result).map { abs(Int($0) - Int($1)) }
      #expect(
        found.pixels == fixture.result,
        "\(fixture.text): \(differences.count { $0 > 0 }) differ, by up to \(differences.max() ?? 0)")
      #expect(found.shape.channels == fixture.images.shape.channels)
    }
  }

  @Test("all images of a set are resized, and keep their labels")
  func sets() throws {
    let shape = ImageShape(height: 9, width: 11, channels: 3)
    let images = try testSet(count: 5, shape: shape)
    let size = ImageSize(height: 4, width: 6)
    let resized = images.resized(to: size, fit: .pad)
    #expect(resized.shape == ImageShape(height: 4, width: 6, channels: 3))
    #expect(resized.labels == images.labels && resized.origin == images.origin)
    for index in 0..<5 {
      #expect(resized[index].pixels == images.subset([index]).resized(to: size, fit: .pad).pixels)
    }
  }
}
