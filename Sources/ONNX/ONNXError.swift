/// A network that cannot be written as an ONNX file.
package enum ONNXError: Error, Hashable, CustomStringConvertible {
  case noTap(String)
  case missingTensor(String)
  case otherShape(tensor: String, found: [Int], expected: [Int])
  case tooLarge

  package var description: String {
    switch self {
    case .noTap(let name): "the network computes no '\(name)'"
    case .missingTensor(let name): "the model has no tensor '\(name)'"
    case .otherShape(let name, let found, let expected):
      "the tensor '\(name)' has the shape \(found), and the network wants \(expected)"
    case .tooLarge: "the model has more than 2 GiB, which no ONNX file of one piece can hold: export it to safetensors"
    }
  }
}
