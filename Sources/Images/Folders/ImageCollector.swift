/// Puts images of one size together to a set, as they come: with one channel as long as all are grey.
struct ImageCollector {
  let size: ImageSize
  private(set) var channels: Int
  private var pixels: [UInt8] = []
  private var labels: [Int] = []
  private var names: [String] = []
  private var places: [Int] = []
  /// How many images there may be.
  private let count: Int
  private let list: ImageFileList
  private let memoryLimit: Int

  /// - Throws: `ImageReaderError.Reason.notEnoughMemory`.
  init(
    size: ImageSize, channels: Int, count: Int, list: ImageFileList, memoryLimit: Int
  ) throws(ImageReaderError) {
    self.size = size
    self.channels = channels
    self.count = count
    self.list = list
    self.memoryLimit = memoryLimit
    try reserve()
    labels.reserveCapacity(count)
    names.reserveCapacity(count)
    places.reserveCapacity(count)
  }

  /// Values of one channel of an image.
  private var planeCount: Int { size.height * size.width }

  /// - Parameter values: `[size.height, size.width, valueChannels]`, with one channel or three.
  mutating func append(
    _ values: UnsafePointer<UInt8>, channels valueChannels: Int, of file: ImageFile
  ) throws(ImageReaderError) {
    if valueChannels > channels { try makeColour() }
    if valueChannels == channels {
      pixels.append(contentsOf: UnsafeBufferPointer(start: values, count: planeCount * channels))
    } else {
      for index in 0..<planeCount {
        pixels.append(contentsOf: repeatElement(values[index], count: channels))
      }
    }
    labels.append(file.label)
    names.append(file.name)
    places.append(file.place)
  }

  func finish() -> ImageSet {
    ImageSet(
      uncheckedPixels: pixels,
      shape: ImageShape(height: size.height, width: size.width, channels: channels), labels: labels,
      classNames: list.classNames, origin: list.origin, names: names, places: places)
  }

  /// Gives the grey images up to now three equal channels.
  private mutating func makeColour() throws(ImageReaderError) {
    let grey = pixels
    pixels = []
    channels = 3
    try reserve()
    for value in grey { pixels.append(contentsOf: repeatElement(value, count: 3)) }
  }

  private mutating func reserve() throws(ImageReaderError) {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: planeCount * channels)
    guard !overflow, bytes <= memoryLimit else {
      throw ImageReaderError(
        list.folder,
        .notEnoughMemory(
          count: count, height: size.height, width: size.width, channels: channels, limit: memoryLimit))
    }
    pixels.reserveCapacity(bytes)
  }
}
