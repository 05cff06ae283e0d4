import Foundation
import TestSupport

/// A training set and a test set in the binary format of CIFAR-10, small enough to train on in a moment:
/// class k is bright in a place of its own, with noise over it.
enum TestData {
  static let trainingFiles = 5
  static let imagesPerFile = 60
  static let testImages = 100
  static let recordSize = 1 + 3 * 32 * 32

  /// The files' contents by name.
  static let files: [String: Data] = {
    var generator = SeededGenerator(seed: 1)
    func records(_ count: Int) -> Data {
      Data((0..<count).flatMap { record(label: $0 % 10, &generator) })
    }
    var files = ["test_batch.bin": records(testImages)]
    for number in 1...trainingFiles { files["data_batch_\(number).bin"] = records(imagesPerFile) }
    return files
  }()

  static func write(_ files: [String: Data] = files, to folder: URL) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, data) in files { try data.write(to: folder.appending(path: name)) }
  }

  private static func record(label: Int, _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = [UInt8(label)]
    for _ in 0..<3 {
      for row in 0..<32 {
        for column in 0..<32 {
          let isBright =
            label < 8
            ? row / 8 == label % 4 && column / 16 == label / 4 : column / 4 % 2 == label % 2
          bytes.append(UInt8((isBright ? 140 : 20) + generator.next() % 80))
        }
      }
    }
    return bytes
  }
}
