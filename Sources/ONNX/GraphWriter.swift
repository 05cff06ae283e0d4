import Foundation

/// A graph of ONNX that grows node by node.
///
/// Values are maps `[batch, channels, height, width]` or vectors `[batch, length]`.
struct GraphWriter {
  private(set) var graph = ONNXGraphProto()
  /// The network's tensors under PyTorch's names.
  private let tensor: (String) throws -> ModelTensor?

  /// What a node computed.
  struct Value: Hashable {
    let name: String
    var isVector = false
  }

  enum Attribute {
    case integer(Int)
    case integers([Int])
    case text(String)
  }

  init(name: String, tensor: @escaping (String) throws -> ModelTensor?) {
    self.tensor = tensor
    graph.name = name
  }

  /// Adds a node of one result, which has the node's name.
  ///
  /// - Parameters:
  ///   - inputs: names of values; an empty one where an optional input is left out.
  ///   - name: unique in the graph; made up from kind and place where `nil`.
  mutating func add(
    _ kind: String, _ inputs: [String], named name: String? = nil,
    _ attributes: KeyValuePairs<String, Attribute> = [:], isVector: Bool = false
  ) -> Value {
    var node = ONNXNodeProto()
    node.opType = kind
    node.name = name ?? "\(kind.lowercased())_\(graph.node.count)"
    node.input = inputs
    node.output = [node.name]
    node.attribute = attributes.map { name, attribute in
      var proto = ONNXAttributeProto()
      proto.name = name
      switch attribute {
      case .integer(let value): (proto.type, proto.i) = (.int, Int64(value))
      case .integers(let values): (proto.type, proto.ints) = (.ints, values.map(Int64.init))
      case .text(let text): (proto.type, proto.s) = (.string, Data(text.utf8))
      }
      return proto
    }
    graph.node.append(node)
    return Value(name: node.name, isVector: isVector)
  }

  /// Adds one of the network's tensors and returns its name.
  ///
  /// - Throws: `ONNXError`, and what reading it throws.
  mutating func weight(_ name: String, shape: [Int]) throws -> String {
    guard let found = try tensor(name) else { throw ONNXError.missingTensor(name) }
    guard found.shape == shape else {
      throw ONNXError.otherShape(tensor: name, found: found.shape, expected: shape)
    }
    return constant(found, named: name)
  }

  /// Adds a constant and returns its name.
  ///
  /// - Parameter name: unique in the graph; made up from `purpose` and place where `nil`.
  mutating func constant(
    _ tensor: ModelTensor, named name: String? = nil, for purpose: String = "constant"
  ) -> String {
    let data = tensor.values.map(\.bitPattern.littleEndian).withUnsafeBytes { Data($0) }
    return constant(.float, shape: tensor.shape, data, named: name ?? freshName(purpose))
  }

  mutating func constant(_ values: [Int], for purpose: String) -> String {
    let data = values.map { Int64($0).littleEndian }.withUnsafeBytes { Data($0) }
    return constant(.int64, shape: [values.count], data, named: freshName(purpose))
  }

  private func freshName(_ purpose: String) -> String { "\(purpose)_\(graph.initializer.count)" }

  private mutating func constant(
    _ type: ONNXTensorProto.DataType, shape: [Int], _ data: Data, named name: String
  ) -> String {
    var proto = ONNXTensorProto()
    proto.dims = shape.map(Int64.init)
    proto.dataType = Int32(type.rawValue)
    proto.name = name
    proto.rawData = data
    graph.initializer.append(proto)
    return name
  }

  /// The same numbers as a vector of each image, channel by channel.
  mutating func vector(_ value: Value) -> Value {
    value.isVector ? value : add("Flatten", [value.name], ["axis": .integer(1)], isVector: true)
  }

  /// The same numbers as a map; a vector becomes one of a single pixel.
  mutating func map(_ value: Value) -> Value {
    guard value.isVector else { return value }
    // 0 takes the size that there is.
    return add("Reshape", [value.name, constant([0, -1, 1, 1], for: "map_shape")])
  }

  mutating func addInput(_ name: String, shape: [Int], about: String) {
    graph.input.append(Self.info(name, shape: shape, about: about))
  }

  /// Makes the graph give a value, under this name.
  mutating func addOutput(_ value: Value, named name: String, shape: [Int], about: String) {
    _ = add("Identity", [value.name], named: name)
    graph.output.append(Self.info(name, shape: shape, about: about))
  }

  /// - Parameter shape: of one image.
  private static func info(_ name: String, shape: [Int], about: String) -> ONNXValueInfoProto {
    var info = ONNXValueInfoProto()
    info.name = name
    info.docString = about
    info.type.tensorType.elemType = Int32(ONNXTensorProto.DataType.float.rawValue)
    var batch = ONNXTensorShapeProto.Dimension()
    batch.dimParam = "batch"
    info.type.tensorType.shape.dim =
      [batch]
      + shape.map { size in
        var dimension = ONNXTensorShapeProto.Dimension()
        dimension.dimValue = Int64(size)
        return dimension
      }
    return info
  }
}
