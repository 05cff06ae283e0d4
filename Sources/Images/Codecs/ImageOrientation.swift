/// How the pixels of a file lie, as Exif's tag 0x0112 says (1 to 8), and what turns them upright.
enum ImageOrientation: Int {
  case upright = 1
  case mirrored
  case upsideDown
  case mirroredUpsideDown
  case transposed
  case turnedLeft
  case transversed
  case turnedRight

  /// Whether height and width change places.
  var swapsSides: Bool { rawValue >= 5 }

  func shape(of shape: ImageShape) -> ImageShape {
    swapsSides ? ImageShape(height: shape.width, width: shape.height, channels: shape.channels) : shape
  }

  /// Turns an image upright, as Pillow's `ImageOps.exif_transpose` does.
  ///
  /// - Parameter target: room for as many values as the source has.
  func turn(
    _ source: UnsafePointer<UInt8>, shape: ImageShape, into target: UnsafeMutablePointer<UInt8>
  ) {
    let result = self.shape(of: shape)
    let (bottom, right) = (shape.height - 1, shape.width - 1)
    var position = 0
    for y in 0..<result.height {
      for x in 0..<result.width {
        let (row, column) =
          switch self {
          case .upright: (y, x)
          case .mirrored: (y, right - x)
          case .upsideDown: (bottom - y, right - x)
          case .mirroredUpsideDown: (bottom - y, x)
          case .transposed: (x, y)
          case .turnedLeft: (bottom - x, y)
          case .transversed: (bottom - x, right - y)
          case .turnedRight: (x, right - y)
          }
        let from = (row * shape.width + column) * shape.channels
        for channel in 0..<shape.channels { target[position + channel] = source[from + channel] }
        position += shape.channels
      }
    }
  }
}

extension ImageOrientation {
  /// What a PNG, JPEG or WebP file says; upright where it says nothing, or nothing that can be understood.
  init(ofFile bytes: UnsafeBufferPointer<UInt8>) {
    let file = ByteReader(bytes[...])
    let exif =
      switch (file.byte(0), file.byte(1)) {
      case (0x89, 0x50): Self.exifOfPNG(file)
      case (0xFF, 0xD8): Self.exifOfJPEG(file)
      default: Self.exifOfWebP(file)
      }
    self = exif.flatMap { Self.tag(of: $0) }.flatMap { ImageOrientation(rawValue: $0) } ?? .upright
  }

  private static func exifOfJPEG(_ file: ByteReader) -> ByteReader? {
    var position = 2
    while file.byte(position) == 0xFF, let marker = file.byte(position + 1) {
      if marker == 0xFF {
        position += 1
        continue
      }
      // The image begins, or the file ends: nothing of this kind comes after that.
      guard marker != 0xDA, marker != 0xD9, let length = file.number(position + 2, bytes: 2, isBig: true),
        length >= 2
      else { return nil }
      if marker == 0xE1, let part = file.part(position + 4, count: length - 2), part.starts(with: "Exif\0\0") {
        return part.dropFirst(6)
      }
      position += 2 + length
    }
    return nil
  }

  private static func exifOfPNG(_ file: ByteReader) -> ByteReader? {
    var position = 8
    while let length = file.number(position, bytes: 4, isBig: true),
      let name = file.part(position + 4, count: 4)
    {
      if name.starts(with: "eXIf") { return file.part(position + 8, count: length) }
      if name.starts(with: "IEND") { return nil }
      position += 12 + length
    }
    return nil
  }

  private static func exifOfWebP(_ file: ByteReader) -> ByteReader? {
    var position = 12
    while let name = file.part(position, count: 4),
      let length = file.number(position + 4, bytes: 4, isBig: false)
    {
      if name.starts(with: "EXIF"), let part = file.part(position + 8, count: length) {
        return part.starts(with: "Exif\0\0") ? part.dropFirst(6) : part
      }
      position += 8 + length + length % 2
    }
    return nil
  }

  /// The tag in the first folder of a TIFF structure.
  private static func tag(of exif: ByteReader) -> Int? {
    let isBig = exif.starts(with: "MM")
    guard isBig || exif.starts(with: "II"), exif.number(2, bytes: 2, isBig: isBig) == 42,
      let folder = exif.number(4, bytes: 4, isBig: isBig),
      let count = exif.number(folder, bytes: 2, isBig: isBig)
    else { return nil }
    for entry in 0..<count {
      let place = folder + 2 + 12 * entry
      guard let tag = exif.number(place, bytes: 2, isBig: isBig) else { return nil }
      if tag == 0x0112 { return exif.number(place + 8, bytes: 2, isBig: isBig) }
    }
    return nil
  }
}

/// Bytes that are read at any place, without stepping out of them.
private struct ByteReader {
  private let bytes: Slice<UnsafeBufferPointer<UInt8>>

  init(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) { self.bytes = bytes }

  func byte(_ offset: Int) -> UInt8? {
    offset >= 0 && offset < bytes.count ? bytes[bytes.startIndex + offset] : nil
  }

  func number(_ offset: Int, bytes count: Int, isBig: Bool) -> Int? {
    guard let part = part(offset, count: count) else { return nil }
    let ordered = isBig ? Array(part.bytes) : part.bytes.reversed()
    return ordered.reduce(0) { $0 << 8 | Int($1) }
  }

  func part(_ offset: Int, count: Int) -> ByteReader? {
    guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset else { return nil }
    let start = bytes.startIndex + offset
    return ByteReader(bytes[start..<start + count])
  }

  func starts(with text: StaticString) -> Bool {
    text.withUTF8Buffer { bytes.starts(with: $0) }
  }

  func dropFirst(_ count: Int) -> ByteReader { ByteReader(bytes.dropFirst(count)) }
}
