import Images
import Networks

/// What a safetensors file says of itself, as those do that `ModelExport` writes; others say nothing.
struct ImportedMetadata {
  static let stem = "stem"
  static let mean = "mean"
  private static let deviation = "standard_deviation"

  private let file: SafetensorsFile

  init(_ file: SafetensorsFile) { self.file = file }

  private func refused(_ reason: SafetensorsError.Reason) -> SafetensorsError {
    SafetensorsError(path: file.path, reason: reason)
  }

  /// Checks that the network is to be what the file says it was. What shapes tell is not looked at here.
  ///
  /// - Parameter isKept: whether the classifier is; a new one is for other images.
  /// - Throws: `SafetensorsError`.
  func require(_ description: ModelDescription, isKept: Bool) throws(SafetensorsError) {
    let metadata = file.header.metadata
    if let found = metadata[Self.stem], found != description.stem.rawValue {
      throw refused(.otherStem(found: found, expected: description.stem.rawValue))
    }
    guard isKept, let height = metadata["image_height"], let width = metadata["image_width"] else { return }
    let image = description.image
    guard height == "\(image.height)", width == "\(image.width)" else {
      throw refused(.otherSize(found: "\(height)x\(width)", expected: "\(image.height)x\(image.width)"))
    }
  }

  /// The constants that pixels are scaled by; `nil` where the file has none.
  ///
  /// - Throws: `SafetensorsError` where there are not as many of them as channels, or they are no such numbers.
  func normalization(channels: Int) throws(SafetensorsError) -> Normalization? {
    let metadata = file.header.metadata
    guard let mean = metadata[Self.mean], let deviation = metadata[Self.deviation] else { return nil }
    func numbers(_ name: String, _ text: String, where isFit: (Float) -> Bool) throws(SafetensorsError) -> [Float] {
      let found = text.split(separator: " ").compactMap { Float($0) }.filter { $0.isFinite && isFit($0) }
      guard found.count == channels, text.split(separator: " ").count == channels else {
        throw refused(.wrongConstants(name: name, text: text, channels: channels))
      }
      return found
    }
    return Normalization(
      mean: try numbers(Self.mean, mean) { _ in true },
      standardDeviation: try numbers(Self.deviation, deviation) { $0 > 0 })
  }
}
