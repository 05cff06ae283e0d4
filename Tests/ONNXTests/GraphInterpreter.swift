import Foundation
import ONNX
import Testing

/// Runs the nodes of a graph by the definitions of ONNX's operators, slowly and in double precision: what
/// the exported files are held against where no runtime is at hand.
struct GraphInterpreter {
  private let graph: ONNXGraphProto
  private var values: [String: TensorValue] = [:]

  static func run(_ graph: ONNXGraphProto, _ inputs: [String: TensorValue]) throws -> [String: TensorValue] {
    var interpreter = GraphInterpreter(graph: graph)
    interpreter.values = inputs
    for constant in graph.initializer where Int(constant.dataType) == ONNXTensorProto.DataType.float.rawValue {
      #expect(interpreter.values[constant.name] == nil, "'\(constant.name)' twice")
      interpreter.values[constant.name] = try TensorValue(
        shape: constant.dims.map(Int.init), values: floats(constant.rawData))
    }
    for node in graph.node {
      let result = try interpreter.result(of: node)
      let name = try #require(node.output.first)
      #expect(interpreter.values[name] == nil, "'\(name)' twice")
      interpreter.values[name] = result
    }
    return interpreter.values
  }

  private init(graph: ONNXGraphProto) { self.graph = graph }

  private static func floats(_ data: Data) -> [Float] {
    data.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: 4).map {
        Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self)))
      }
    }
  }

  private func integers(_ name: String) throws -> [Int] {
    let data = try #require(graph.initializer.first { $0.name == name }).rawData
    return data.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: 8).map {
        Int(Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: Int64.self)))
      }
    }
  }

  private func result(of node: ONNXNodeProto) throws -> TensorValue {
    func input(_ index: Int) throws -> TensorValue {
      try #require(values[node.input[index]], "\(node.name): no '\(node.input[index])'")
    }
    func integers(_ name: String) -> [Int]? {
      node.attribute.first { $0.name == name }.map { $0.ints.map(Int.init) }
    }
    func integer(_ name: String) -> Int? { node.attribute.first { $0.name == name }.map { Int($0.i) } }
    let x = try input(0)
    func pointwise(_ body: (Double) -> Double) throws -> TensorValue {
      try TensorValue(shape: x.shape, values: x.values.map { Float(body(Double($0))) })
    }
    func both(_ body: (Float, Float) -> Float) throws -> TensorValue {
      let y = try input(1)
      let (long, short) = x.shape.count >= y.shape.count ? (x, y) : (y, x)
      let skipped = long.shape.count - short.shape.count
      let shape = long.shape.enumerated().map { axis, size in
        axis < skipped ? size : max(size, short.shape[axis - skipped])
      }
      return try TensorValue(shape) { body(x.broadcast($0), y.broadcast($0)) }
    }
    switch node.opType {
    case "Identity": return x
    case "Relu": return try pointwise { max($0, 0) }
    case "Sigmoid": return try pointwise { 1 / (1 + exp(-$0)) }
    case "Add": return try both(+)
    case "Sub": return try both(-)
    case "Mul": return try both(*)
    case "Div": return try both(/)
    case "Max": return try both(max)
    case "Conv": return try convolution(x, try input(1), node.input.count > 2 ? try input(2) : nil, integers)
    case "BatchNormalization":
      let (scale, shift, mean, variance) = try (input(1), input(2), input(3), input(4))
      return try TensorValue(x.shape) { place in
        let c = place[1]
        let deviation = (Double(variance.values[c]) + 1e-5).squareRoot()
        return Float(
          (Double(x.broadcast(place)) - Double(mean.values[c])) / deviation * Double(scale.values[c])
            + Double(shift.values[c]))
      }
    case "MaxPool": return try pool(x, integers, outside: -.infinity) { $0.max() ?? 0 }
    case "AveragePool":
      #expect(integers("pads") == nil || integer("count_include_pad") == 1)
      return try pool(x, integers, outside: 0) { $0.reduce(0, +) / Double($0.count) }
    case "GlobalAveragePool":
      let pixels = x.shape[2] * x.shape[3]
      return try TensorValue([x.shape[0], x.shape[1], 1, 1]) { place in
        let start = (place[0] * x.shape[1] + place[1]) * pixels
        return Float(x.values[start..<(start + pixels)].reduce(0.0) { $0 + Double($1) } / Double(pixels))
      }
    case "Concat":
      let parts = try node.input.indices.map(input)
      #expect(integer("axis") == 1)
      var shape = x.shape
      shape[1] = parts.reduce(0) { $0 + $1.shape[1] }
      return try TensorValue(shape) { place in
        var place = place
        for part in parts {
          if place[1] < part.shape[1] { return part.broadcast(place) }
          place[1] -= part.shape[1]
        }
        return .nan
      }
    case "Flatten": return try TensorValue(shape: [x.shape[0], x.values.count / x.shape[0]], values: x.values)
    case "Reshape":
      let wanted = try self.integers(node.input[1])
      var shape = wanted.enumerated().map { axis, size in size == 0 ? x.shape[axis] : size }
      if let open = shape.firstIndex(of: -1) {
        shape[open] = x.values.count / shape.filter { $0 != -1 }.reduce(1, *)
      }
      return try TensorValue(shape: shape, values: x.values)
    case "Gemm":
      #expect(integer("transB") == 1)
      let (weight, bias) = (try input(1), node.input.count > 2 ? try input(2) : nil)
      let length = weight.shape[1]
      return try TensorValue([x.shape[0], weight.shape[0]]) { place in
        let sum = (0..<length).reduce(0.0) {
          $0 + Double(x.values[place[0] * length + $1]) * Double(weight.values[place[1] * length + $1])
        }
        return Float(sum + Double(bias?.values[place[1]] ?? 0))
      }
    case "MatMul": return try product(x, try input(1))
    case "Resize":
      #expect(node.input[1].isEmpty)
      let scales = try input(2).values.map { Int($0) }
      return try TensorValue(zip(x.shape, scales).map(*)) { place in x.broadcast(zip(place, scales).map(/)) }
    case "Pad":
      let pads = try self.integers(node.input[1])
      let axes = x.shape.count
      return try TensorValue((0..<axes).map { x.shape[$0] + pads[$0] + pads[axes + $0] }) { place in
        x.at(place[0], place[1], place[2] - pads[2], place[3] - pads[3], outside: 0)
      }
    case "ReduceL2":
      #expect(integers("axes") == [1] && integer("keepdims") == 1)
      let length = x.shape[1]
      return try TensorValue([x.shape[0], 1]) { place in
        let start = place[0] * length
        return Float(
          x.values[start..<(start + length)].reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot())
      }
    default:
      Issue.record("the operator '\(node.opType)' is not known")
      return x
    }
  }

  private func convolution(
    _ x: TensorValue, _ weight: TensorValue, _ bias: TensorValue?, _ setting: (String) -> [Int]?
  ) throws -> TensorValue {
    let (kernel, strides, pads) = try (
      #require(setting("kernel_shape")), #require(setting("strides")), #require(setting("pads"))
    )
    #expect(Array(weight.shape[2...]) == kernel && weight.shape[1] == x.shape[1])
    let shape = [x.shape[0], weight.shape[0]] + Self.size(x, kernel, strides, pads)
    return try TensorValue(shape) { place in
      var sum = Double(bias?.values[place[1]] ?? 0)
      for c in 0..<x.shape[1] {
        for i in 0..<kernel[0] {
          for j in 0..<kernel[1] {
            let value = x.at(
              place[0], c, place[2] * strides[0] + i - pads[0], place[3] * strides[1] + j - pads[1],
              outside: 0)
            let tap = ((place[1] * x.shape[1] + c) * kernel[0] + i) * kernel[1] + j
            sum += Double(value) * Double(weight.values[tap])
          }
        }
      }
      return Float(sum)
    }
  }

  private static func size(_ x: TensorValue, _ kernel: [Int], _ strides: [Int], _ pads: [Int]) -> [Int] {
    (0..<2).map { (x.shape[2 + $0] + pads[$0] + pads[2 + $0] - kernel[$0]) / strides[$0] + 1 }
  }

  private func pool(
    _ x: TensorValue, _ setting: (String) -> [Int]?, outside: Float, _ body: ([Double]) -> Double
  ) throws -> TensorValue {
    let (kernel, strides) = try (#require(setting("kernel_shape")), #require(setting("strides")))
    let pads = setting("pads") ?? [0, 0, 0, 0]
    return try TensorValue([x.shape[0], x.shape[1]] + Self.size(x, kernel, strides, pads)) { place in
      let window = (0..<kernel[0]).flatMap { i in
        (0..<kernel[1]).map { j in
          Double(
            x.at(
              place[0], place[1], place[2] * strides[0] + i - pads[0], place[3] * strides[1] + j - pads[1],
              outside: outside))
        }
      }
      return Float(body(window))
    }
  }

  /// Of the last two axes; the others broadcast.
  private func product(_ x: TensorValue, _ y: TensorValue) throws -> TensorValue {
    let front = (x.shape.count >= y.shape.count ? x : y).shape.dropLast(2)
    let (rows, inner, columns) = (x.shape[x.shape.count - 2], x.shape[x.shape.count - 1], y.shape.last ?? 0)
    return try TensorValue(front + [rows, columns]) { place in
      let (head, row, column) = (Array(place.dropLast(2)), place[place.count - 2], place[place.count - 1])
      return Float(
        (0..<inner).reduce(0.0) {
          $0 + Double(x.broadcast(head + [row, $1])) * Double(y.broadcast(head + [$1, column]))
        })
    }
  }
}
