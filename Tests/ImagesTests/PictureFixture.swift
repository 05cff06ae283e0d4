import Foundation
import Images

/// A file of `Fixtures/pictures.txt` and what Pillow makes of it.
struct PictureFixture {
  let name: String
  let notes: Set<String>
  let file: [UInt8]
  let shape: ImageShape
  let pixels: [UInt8]

  static let all: [PictureFixture] = {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/pictures.txt")
    guard let text = try? String(contentsOf: path, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { PictureFixture($0) }
  }()

  static func named(_ name: String) -> PictureFixture? { all.first { $0.name == name } }

  private init?(_ line: Substring) {
    let fields = line.split(separator: " ").map(String.init)
    let sides = fields[2].split(separator: "x").compactMap { Int($0) }
    guard sides.count == 3, let file = Data(base64Encoded: fields[4]),
      let pixels = Data(base64Encoded: fields[5])
    else { return nil }
    name = fields[0]
    notes = fields[1] == "-" ? [] : Set(fields[1].split(separator: ",").map(String.init))
    shape = ImageShape(height: sides[0], width: sides[1], channels: sides[2])
    self.file = Array(file)
    self.pixels = Array(pixels)
  }
}
