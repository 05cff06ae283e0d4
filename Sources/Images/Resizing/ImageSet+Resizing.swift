extension ImageSet {
  /// The images at another size; see `ImageFit` and `Resampling`.
  package func resized(to size: ImageSize, fit: ImageFit) -> ImageSet {
    if size == ImageSize(height: shape.height, width: shape.width) { return self }
    let result = ImageShape(height: size.height, width: size.width, channels: shape.channels)
    var fitter = ImageFitter(size: size, fit: fit)
    let resized = [UInt8](unsafeUninitializedCapacity: count * result.count) { target, initialized in
      pixels.withUnsafeBufferPointer { source in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        for index in 0..<count {
          fitter.apply(from + index * shape.count, shape: shape, into: to + index * result.count)
        }
      }
      initialized = count * result.count
    }
    return reshaped(resized, result)
  }
}
