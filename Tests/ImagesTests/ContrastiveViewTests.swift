import Compute
import Foundation
import Images
import Testing

/// A case of `Fixtures/views.txt`.
private struct ViewFixture {
  let image: Image<UInt8>
  let view: ContrastiveView
  let result: [UInt8]
  let text: String

  static let all: [ViewFixture] = {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/views.txt")
    guard let text = try? String(contentsOf: path, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { ViewFixture($0) }
  }()

  private init?(_ line: Substring) {
    let fields = line.split(separator: " ").map(String.init)
    let sides = fields[0].split(separator: "x").compactMap { Int($0) }
    let crop = fields[2].split(separator: ",").compactMap { Int($0) }
    guard sides.count == 3, crop.count == 4, let mask = UInt8(fields[1]),
      let data = Data(base64Encoded: fields[7])
    else { return nil }
    var image = testImage(ImageShape(height: sides[0], width: sides[1], channels: sides[2]))
    for index in image.pixels.indices { image.pixels[index] &= mask }
    self.image = image
    result = Array(data)
    text = fields[..<6].joined(separator: " ")
    let changes = fields[4] == "-" ? [] : fields[4].split(separator: ",").compactMap(Self.change)
    view = ContrastiveView(
      crop: .init(top: crop[0], left: crop[1], height: crop[2], width: crop[3]),
      isFlipped: fields[3] == "flip", colourChanges: changes, isGrey: fields[5] == "grey")
  }

  private static func change(_ text: Substring) -> ContrastiveView.ColourChange? {
    let parts = text.split(separator: ":")
    guard let value = Double(parts[1]) else { return nil }
    return switch parts[0] {
    case "brightness": .brightness(Float(value))
    case "contrast": .contrast(Float(value))
    case "saturation": .saturation(Float(value))
    case "hue": .hue(value)
    default: nil
    }
  }
}

@Suite("Contrastive views")
struct ContrastiveViewTests {
  let shape = ImageShape(height: 32, width: 32, channels: 3)

  @Test("what torchvision makes of Pillow images, every byte")
  func torchvision() {
    #expect(ViewFixture.all.count == 104)
    for fixture in ViewFixture.all {
      let found = fixture.view(fixture.image).pixels
      let differences = zip(found, fixture.result).map { abs(Int($0) - Int($1)) }
      #expect(
        found == fixture.result,
        "\(fixture.text): \(differences.count { $0 > 0 }) differ, by up to \(differences.max() ?? 0)")
    }
  }

  @Test("a view depends on seed, epoch, sample and number, and on nothing else")
  func reproducibility() {
    func sample(_ seed: UInt64, _ epoch: Int, _ sample: Int, _ view: Int) -> ContrastiveView {
      .sample(for: shape, seed: seed, epoch: epoch, sample: sample, view: view)
    }
    #expect(sample(1, 2, 3, 0) == sample(1, 2, 3, 0))
    let others = [
      sample(1, 2, 3, 0), sample(2, 2, 3, 0), sample(1, 3, 3, 0), sample(1, 2, 4, 0), sample(1, 2, 3, 1),
    ]
    #expect(Set(others).count == 5)
  }

  @Test("the parameters have the published distributions")
  func distributions() {
    let views = (0..<20_000).map {
      ContrastiveView.sample(for: shape, seed: 4, epoch: 1, sample: $0, view: 0)
    }
    func share(_ predicate: (ContrastiveView) -> Bool) -> Double {
      Double(views.count(where: predicate)) / 20_000
    }
    #expect(abs(share(\.isFlipped) - 0.5) < 0.015)
    #expect(abs(share(\.isGrey) - 0.2) < 0.015)
    #expect(abs(share { !$0.colourChanges.isEmpty } - 0.8) < 0.015)
    var firsts: [Int: Int] = [:]
    for view in views {
      let crop = view.crop
      let area = Double(crop.height * crop.width) / 1024
      // The sides are rounded, so both leave their ranges a little.
      #expect((0.17...1).contains(area))
      #expect((0.66...1.5).contains(Double(crop.width) / Double(crop.height)))
      #expect(crop.top + crop.height <= 32 && crop.left + crop.width <= 32)
      for (place, change) in view.colourChanges.enumerated() {
        switch change {
        case .brightness(let factor), .contrast(let factor), .saturation(let factor):
          #expect((0.6...1.4).contains(factor))
        case .hue(let shift):
          #expect((-0.1...0.1).contains(shift))
          firsts[place, default: 0] += 1
        }
      }
    }
    // The hue is as often in each of the four places.
    for place in 0..<4 {
      let count: Int = firsts[place] ?? 0
      #expect(abs(count - 4000) < 250, "\(firsts)")
    }
    let areas = views.map { Double($0.crop.height * $0.crop.width) / 1024 }
    let meanArea: Double = areas.reduce(0, +) / 20_000
    #expect(abs(meanArea - 0.58) < 0.03)
  }

  @Test("an image too long for any crop gives its middle")
  func fallback() {
    let long = ImageShape(height: 4, width: 400, channels: 3)
    let view = ContrastiveView.sample(for: long, seed: 1, epoch: 0, sample: 0, view: 0)
    #expect(view.crop == .init(top: 0, left: 197, height: 4, width: 5))
    #expect(view(testImage(long)).pixels.count == long.count)
  }

  @Test("a batch holds the views, normalised; two views of an image differ")
  func batches() throws {
    let images = try testSet(count: 4, shape: shape)
    let assembler = BatchAssembler(images: images, normalization: .cifar10)
    func batch(_ indices: [Int], view: Int) -> [Float] {
      [Float](unsafeUninitializedCapacity: indices.count * shape.count) { buffer, initialized in
        if let base = buffer.baseAddress {
          assembler.assemble(
            indices[...], augmentation: .contrastive, seed: 5, epoch: 6, view: view, into: base)
        }
        initialized = indices.count * shape.count
      }
    }
    let expected = [2, 0].flatMap { index -> [Float] in
      let view = ContrastiveView.sample(for: shape, seed: 5, epoch: 6, sample: index, view: 1)
      return view(images[index]).pixels.enumerated().map {
        Normalization.cifar10(Float($1) / 255, channel: $0 % 3)
      }
    }
    #expect(batch([2, 0], view: 1) == expected)
    #expect(batch([2, 0], view: 0) != expected)
  }

  @Test("grey images get darker and brighter; they have no colours to change")
  func oneChannel() {
    let image = testImage(ImageShape(height: 8, width: 8, channels: 1))
    let view = ContrastiveView(
      crop: .init(top: 0, left: 0, height: 8, width: 8), isFlipped: true,
      colourChanges: [.brightness(0.5), .saturation(0), .hue(0.5)], isGrey: true)
    let mirrored: [UInt8] = image.pixels.prefix(8).reversed()
    #expect(Array(view(image).pixels.prefix(8)) == mirrored.map { $0 / 2 })
  }
}
