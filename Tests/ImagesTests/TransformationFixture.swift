import Foundation
import Images

/// A case of `Fixtures/transformations.txt`.
struct TransformationFixture {
  let operation: String
  let shape: ImageShape
  let parameters: [String]
  let result: String

  static let all: [TransformationFixture] = {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/transformations.txt")
    guard let text = try? String(contentsOf: path, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { line in
      let fields = line.split(separator: " ").map(String.init)
      let sides = fields[1].split(separator: "x").compactMap { Int($0) }
      guard sides.count == 3, let result = fields.last else { return nil }
      return TransformationFixture(
        operation: fields[0],
        shape: ImageShape(height: sides[0], width: sides[1], channels: sides[2]),
        parameters: Array(fields[2..<fields.count - 2]), result: result)
    }
  }()

  static func all(of operation: String) -> [TransformationFixture] {
    all.filter { $0.operation == operation }
  }

  var image: Image<UInt8> { testImage(shape) }

  func number(_ index: Int) -> Double { Double(parameters[index]) ?? .nan }

  func integer(_ index: Int) -> Int { Int(parameters[index]) ?? .min }

  /// Whether `bytes` are the expected ones, or have the expected checksum.
  func matches(_ bytes: [UInt8]) -> Bool {
    if result.hasPrefix("crc32:") {
      return UInt32(result.dropFirst(6), radix: 16) == crc32(bytes)
    }
    return decoded == bytes
  }

  var decoded: [UInt8] { Data(base64Encoded: result).map { Array($0) } ?? [] }

  static func floats(_ base64: String) -> [Float] {
    let bytes = Data(base64Encoded: base64).map { Array($0) } ?? []
    return stride(from: 0, to: bytes.count, by: 4).map { start in
      let word = bytes[start..<start + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      return Float(bitPattern: word)
    }
  }
}
