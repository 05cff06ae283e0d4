import Pipelines
import SystemPackage

/// A file that holds no tensors in the safetensors format, or not those that are wanted.
struct SafetensorsError: Error, Hashable {
  enum Reason: Error, Hashable {
    // The file.
    case unreadable(Errno)
    case tooShort(bytes: Int)
    case headerTooLong(length: UInt64, limit: Int)
    case headerBeyondFile(length: UInt64, bytes: Int)
    case headerNotReadable(String)
    case pickle
    // A tensor.
    case unknownType(String, tensor: String)
    case wrongSize(tensor: String, shape: [Int], type: String, bytes: Int)
    case outsideOfFile(tensor: String)
    case holes(at: Int)
    // What a network wants.
    case missing([String])
    case unexpected([String])
    case otherShape(tensor: String, found: [Int], expected: [Int], isClassifier: Bool)
    case notNumbers(tensor: String, type: String)
    // What a file says of itself.
    case otherStem(found: String, expected: String)
    case otherSize(found: String, expected: String)
    case wrongConstants(name: String, text: String, channels: Int)
    // Which network a file is for.
    case otherNetwork(nearest: String, missing: [String], unexpected: [String], shape: String?)
    case unknownNetwork([String], prefix: String?)
  }

  let path: FilePath
  let reason: Reason
}

extension SafetensorsError: CustomStringConvertible {
  var description: String { "'\(path)': \(text)" }

  private var text: String {
    switch reason {
    case .unreadable(let code): "\(code)"
    case .tooShort(let bytes): "\(bytes) bytes are too few for a safetensors file, whose first eight are a length"
    case .headerTooLong(let length, let limit):
      "the header would have \(length) bytes, and more than \(limit) are not read: this is no safetensors file"
    case .headerBeyondFile(let length, let bytes):
      "the header has \(length) bytes and the file \(bytes): it is cut off, or no safetensors file"
    case .headerNotReadable(let detail): "the header is no such JSON as safetensors has: \(detail)"
    case .pickle:
      """
      this looks like a file of torch.save, which can run code when it is read and is not read here; save the \
      weights with safetensors.torch.save_file(model.state_dict(), "model.safetensors")
      """
    case .unknownType(let type, let tensor): "the tensor '\(tensor)' has the unknown type '\(type)'"
    case .wrongSize(let tensor, let shape, let type, let bytes):
      "the tensor '\(tensor)' of \(type) \(shape) has \(bytes) bytes, which do not fit together"
    case .outsideOfFile(let tensor): "the tensor '\(tensor)' lies beyond the end of the file: it is cut off"
    case .holes(let place): "the tensors overlap or leave a gap at byte \(place) of the data"
    case .missing(let names): "no tensor for \(Self.list(names)); is it another architecture, width or stem?"
    case .unexpected(let names):
      "the network has no place for \(Self.list(names)); is it another architecture, width or stem?"
    case .otherShape(let tensor, let found, let expected, let isClassifier):
      "the tensor '\(tensor)' has the shape \(found), and the network wants \(expected)"
        + Self.hint(found: found, expected: expected, isClassifier: isClassifier)
    case .notNumbers(let tensor, let type): "the tensor '\(tensor)' is of type \(type), not of floating-point numbers"
    case .otherStem(let found, let expected):
      "the file says that its stem is '\(found)', and here 'stem' is '\(expected)'"
    case .otherSize(let found, let expected):
      """
      the model was trained for images of \(found) pixels, these are \(expected): load them with 'size = \(found)'
      """
    case .wrongConstants(let name, let text, let channels):
      "the metadata have '\(name)' as '\(text)', which is not a fitting number for each of \(channels) channels"
    case .otherNetwork(let nearest, let missing, let unexpected, let shape):
      "of the networks known here '\(nearest)' is nearest, but "
        + [
          missing.isEmpty ? nil : "there is no tensor for \(Self.list(missing))",
          unexpected.isEmpty ? nil : "it has no place for \(Self.list(unexpected))", shape,
        ].compactMap { $0 }.joined(separator: ", and ")
    case .unknownNetwork(let names, let prefix):
      """
      no network known here has tensors of such names and shapes: \(Self.list(names)); those of torchvision's \
      resnet18, vgg19_bn and densenet161 are
      """
        + (prefix.map { ". All names begin with '\($0)': a wrapper's, to be taken off before the model is saved" } ?? "")
    }
  }

  private static func hint(found: [Int], expected: [Int], isClassifier: Bool) -> String {
    guard found.count == expected.count else { return "" }
    if isClassifier, found[0] != expected[0] {
      return """
        : the model tells \(found[0]) classes apart, the images have \(expected[0]). Take those that it knows \
        ('only-classes' where images are loaded, --classes of an audit); 'classifier = new' begins with another last \
        layer, for the classes of the images
        """
    }
    let (own, others) = (found.count == 4 ? found[1] : 0, expected.count == 4 ? expected[1] : 0)
    guard [1, 3].contains(own), [1, 3].contains(others), own != others else { return "" }
    return ": the model is for \(own == 1 ? "grey images" : "colours"); load the images with 'channels = "
      + "\(own == 1 ? "grey" : "colour")'"
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(4).map { "'\($0)'" }.joined(separator: ", ")
    return names.count > 4 ? "\(shown) and \(names.count - 4) more" : shown
  }
}

extension SafetensorsError: ErrorWithExitStatus {
  var exitStatus: ExitStatus {
    switch reason {
    case .unreadable(.noSuchFileOrDirectory): .noInput
    case .unreadable: .inputOutput
    default: .data
    }
  }
}
