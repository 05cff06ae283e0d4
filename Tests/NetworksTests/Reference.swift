import HDF5
import Networks
import SystemPackage
import Testing

/// The tensors that `Fixtures/make_networks.py` and its like computed with PyTorch.
struct Reference {
  let group: HDF5.Group
  private let file: HDF5.File

  init(_ path: String, in name: String = "networks.h5") throws {
    let folder = FilePath(#filePath).removingLastComponent()
    file = try HDF5.File.open(at: folder.appending("Fixtures").appending(name))
    group = try file.root.group(path)
  }

  func floats(_ name: String) throws -> [Float] { try group.read(name) }

  func integers(_ name: String) throws -> [Int] { try group.read(name, as: Int32.self).map(Int.init) }

  /// A PyTorch image tensor `[images, channels, height, width]` in our order.
  func channelsLast(_ name: String) throws -> [Float] {
    let dataset = try group.dataset(name)
    return reordered(try dataset.read(as: Float.self), shape: dataset.shape)
  }
}

/// `[images, channels, height, width]` to `[images, height, width, channels]`.
func reordered(_ values: [Float], shape: [Int]) -> [Float] {
  let (channels, pixels) = (shape[1], shape[2] * shape[3])
  var result = [Float](repeating: 0, count: values.count)
  for image in 0..<shape[0] {
    for c in 0..<channels {
      for pixel in 0..<pixels {
        result[(image * pixels + pixel) * channels + c] = values[(image * channels + c) * pixels + pixel]
      }
    }
  }
  return result
}

/// The distance of two vectors over the length of the second.
func relativeDistance(_ found: [Float], _ expected: [Float]) -> Double {
  guard found.count == expected.count else { return .infinity }
  var (distance, length) = (0.0, 0.0)
  for (a, b) in zip(found, expected) {
    let difference = Double(a) - Double(b)
    distance += difference * difference
    length += Double(b) * Double(b)
  }
  return length == 0 ? distance.squareRoot() : (distance / length).squareRoot()
}

func expectClose(
  _ found: [Float], _ expected: [Float], within tolerance: Double, _ what: String,
  sourceLocation: Testing.SourceLocation = #_sourceLocation
) {
  let distance = relativeDistance(found, expected)
  #expect(
    distance <= tolerance, "\(what): relative distance \(distance)", sourceLocation: sourceLocation)
}
