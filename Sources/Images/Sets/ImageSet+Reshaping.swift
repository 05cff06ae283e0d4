extension ImageSet {
  /// The images in the middle of larger black ones; an odd rest goes to the bottom and the right.
  ///
  /// - Throws: `ImageSetError.smallerThanImages` when they do not fit in.
  package func padded(toHeight height: Int, width: Int) throws(ImageSetError) -> ImageSet {
    guard height >= shape.height, width >= shape.width else {
      throw .smallerThanImages(height: height, width: width, shape: shape)
    }
    if height == shape.height && width == shape.width { return self }
    let larger = ImageShape(height: height, width: width, channels: shape.channels)
    let top = (height - shape.height) / 2
    let left = (width - shape.width) / 2
    var canvas = [UInt8](repeating: 0, count: count * larger.count)
    for index in 0..<count {
      for row in 0..<shape.height {
        let source = index * shape.count + row * shape.rowCount
        let target = index * larger.count + (top + row) * larger.rowCount + left * shape.channels
        canvas.replaceSubrange(
          target..<target + shape.rowCount, with: pixels[source..<source + shape.rowCount])
      }
    }
    return reshaped(canvas, larger)
  }

  /// The images with three channels: grey ones get three equal channels, others stay as they are.
  ///
  /// - Throws: `ImageSetError.channels` when there are neither one nor three.
  package func withThreeChannels() throws(ImageSetError) -> ImageSet {
    switch shape.channels {
    case 3: return self
    case 1: break
    default: throw .channels(shape.channels)
    }
    let colour = [UInt8](unsafeUninitializedCapacity: pixels.count * 3) { buffer, initialized in
      for (index, value) in pixels.enumerated() {
        buffer[3 * index] = value
        buffer[3 * index + 1] = value
        buffer[3 * index + 2] = value
      }
      initialized = pixels.count * 3
    }
    return reshaped(colour, ImageShape(height: shape.height, width: shape.width, channels: 3))
  }

  /// The images with one channel: of colours, the brightness that Pillow's conversion to grey has, with 16
  /// fractional bits: 0.299 red + 0.587 green + 0.114 blue. Grey images stay as they are.
  ///
  /// - Throws: `ImageSetError.channels` when there are neither one nor three.
  package func withOneChannel() throws(ImageSetError) -> ImageSet {
    switch shape.channels {
    case 1: return self
    case 3: break
    default: throw .channels(shape.channels)
    }
    let grey = [UInt8](unsafeUninitializedCapacity: pixels.count / 3) { buffer, initialized in
      for index in 0..<pixels.count / 3 {
        buffer[index] = UInt8.brightness(
          red: pixels[3 * index], green: pixels[3 * index + 1], blue: pixels[3 * index + 2])
      }
      initialized = pixels.count / 3
    }
    return reshaped(grey, ImageShape(height: shape.height, width: shape.width, channels: 1))
  }
}

extension UInt8 {
  /// What Pillow makes of a colour when it converts to grey.
  static func brightness(red: UInt8, green: UInt8, blue: UInt8) -> UInt8 {
    let sum: Int = 19595 * Int(red) + 38470 * Int(green) + 7471 * Int(blue)
    return UInt8((sum + 32768) >> 16)
  }
}
