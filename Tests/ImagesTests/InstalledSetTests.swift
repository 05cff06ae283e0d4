import Foundation
import Images
import SystemPackage
import Testing

/// The real files, where they are installed; skipped elsewhere.
@Suite("Installed image sets")
struct InstalledSetTests {
  static let fashionFolder: FilePath = "/usr/share/datasets/fashion-mnist"
  static let cifar10Folder = FilePath(
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../data/cifar-10-batches-bin").standardized.path)

  static func hasFolder(_ folder: FilePath) -> Bool {
    FileManager.default.fileExists(atPath: folder.string)
  }

  @Test(
    "Fashion-MNIST of Debian's package",
    .enabled(if: hasFolder(fashionFolder), "the package dataset-fashion-mnist is not installed"))
  func fashionMNIST() throws {
    let train = try ImageSetFiles.locate(in: Self.fashionFolder, split: .train).read()
    #expect(train.count == 60_000 && train.classSizes == [Int](repeating: 6000, count: 10))
    #expect(train.shape == ImageShape(height: 28, width: 28, channels: 1))
    #expect(Array(train.labels.prefix(10)) == [9, 0, 0, 3, 0, 2, 7, 2, 5, 5])
    #expect(train.classNames[train.labels[0]] == "Ankle boot")
    // The constants that everybody uses for this set.
    let normalization = Normalization(measuredFrom: train)
    #expect(abs(normalization.mean[0] - 0.2860) < 5e-5)
    #expect(abs(normalization.standardDeviation[0] - 0.3530) < 5e-5)

    let test = try ImageSetFiles.locate(in: Self.fashionFolder, split: .test).read()
    #expect(test.count == 10_000 && test.classSizes == [Int](repeating: 1000, count: 10))
  }

  @Test(
    "CIFAR-10 in data/cifar-10-batches-bin",
    .enabled(if: hasFolder(cifar10Folder), "CIFAR-10 is not there"))
  func cifar10() throws {
    let train = try ImageSetFiles.locate(in: Self.cifar10Folder, split: .train).read()
    #expect(train.count == 50_000 && train.classSizes == [Int](repeating: 5000, count: 10))
    let normalization = Normalization(measuredFrom: train)
    for (ours, published) in zip(normalization.mean, Normalization.cifar10.mean) {
      #expect(abs(ours - published) < 5e-4)
    }
    let test = try ImageSetFiles.locate(in: Self.cifar10Folder, split: .test).read()
    #expect(test.count == 10_000 && test.classSizes == [Int](repeating: 1000, count: 10))
  }
}
