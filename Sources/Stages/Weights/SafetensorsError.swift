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
        + (isClassifier ? "; 'classifier = new' begins with another last layer, for the classes of the images" : "")
    case .notNumbers(let tensor, let type): "the tensor '\(tensor)' is of type \(type), not of floating-point numbers"
    }
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
