import SystemPackage

/// The names of classes: what says them, and what is said when nothing does.
enum ClassNames {
  /// The classes of Fashion-MNIST, as its authors name them.
  static let fashionMNIST = [
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
    "Ankle boot",
  ]

  /// Whether labels are those of Fashion-MNIST, by the first ones: its files say no names. The folder's name must not
  /// matter, as files with the same bytes are the same set.
  static func areOfFashionMNIST(_ labels: [UInt8]) -> Bool {
    labels.starts(with: fashionMNISTTraining) || labels.starts(with: fashionMNISTTest)
  }

  private static let fashionMNISTTraining: [UInt8] = [9, 0, 0, 3, 0, 2, 7, 2, 5, 5, 0, 9, 5, 5, 7, 9, 1, 0, 6, 4]
  private static let fashionMNISTTest: [UInt8] = [9, 2, 1, 1, 6, 1, 4, 6, 5, 7, 4, 5, 7, 3, 4, 1, 2, 4, 8, 0]

  /// The names that were given, or else those of the lines of `file`, or else the numbers.
  ///
  /// - Throws: `ImageReaderError` when there are not `count` of them.
  static func resolve(
    given: [String]?, file: FilePath?, count: Int, in folder: FilePath
  ) throws(ImageReaderError) -> [String] {
    let names: [String]
    if let given {
      names = given
    } else if let file {
      names = try lines(of: file)
    } else {
      return numbers(count)
    }
    guard names.count == count else {
      throw ImageReaderError(
        given == nil ? file ?? folder : folder, .classNameCount(names.count, expected: count))
    }
    return names
  }

  static func numbers(_ count: Int) -> [String] { (0..<count).map { "\($0)" } }

  /// The lines of a file without the empty ones; a file of names is small, more is not read.
  private static func lines(of path: FilePath) throws(ImageReaderError) -> [String] {
    let file = try InputFile(path)
    var bytes = [UInt8](repeating: 0, count: min(file.size, 1 << 16))
    let count = try file.read(into: &bytes)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
      .split(whereSeparator: \.isNewline)
      .map { line in String(line.trimmingPrefix(while: \.isWhitespace)) }
      .filter { !$0.isEmpty }
  }
}
