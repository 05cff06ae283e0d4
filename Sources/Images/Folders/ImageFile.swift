import SystemPackage

/// A file that an image is to be read from.
package struct ImageFile: Hashable, Sendable {
  /// Its path in the folder, for people and for the artifacts: `train/cat/1.jpg`.
  package let name: String
  package let path: FilePath
  package let label: Int
  /// Its place in the whole list, read or not.
  package let place: Int
}

/// A file that is not among the images, or is with a fault, and why.
package struct ImageFileNote: Hashable, Sendable {
  /// Its path in the folder.
  package let name: String
  package let text: String

  init(_ name: String, _ problem: ImageFileProblem) { self.init(name, "\(problem)") }

  init(_ name: String, _ text: String) {
    self.name = name
    self.text = text
  }
}

extension ImageFileNote: CustomStringConvertible {
  package var description: String { "\(name.printable): \(text)" }
}
