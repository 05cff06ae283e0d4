import Networks

/// The operations of a plan as nodes of ONNX's operator set 17, a function each.
extension GraphWriter {
  mutating func convolution(
    _ x: Value, _ settings: Operation.Convolution, named name: String, inputs: Int, outputs: Int
  ) throws -> Value {
    var operands = [
      map(x).name,
      try weight(name + ".weight", shape: [outputs, inputs, settings.kernel, settings.kernel]),
    ]
    if settings.hasBias { operands.append(try weight(name + ".bias", shape: [outputs])) }
    return add(
      "Conv", operands, named: name,
      [
        "kernel_shape": .integers([settings.kernel, settings.kernel]),
        "strides": .integers([settings.stride, settings.stride]),
        "pads": .integers(Array(repeating: settings.padding, count: 4)),
      ])
  }

  /// By the running statistics; ONNX's default for epsilon is PyTorch's, 1e-5.
  mutating func batchNormalization(_ x: Value, named name: String, channels: Int) throws -> Value {
    let operands = try ["weight", "bias", "running_mean", "running_var"].map {
      try weight("\(name).\($0)", shape: [channels])
    }
    return add("BatchNormalization", [x.name] + operands, named: name, isVector: x.isVector)
  }

  mutating func rectifier(_ x: Value) -> Value { add("Relu", [x.name], isVector: x.isVector) }

  mutating func sigmoid(_ x: Value) -> Value { add("Sigmoid", [x.name], isVector: x.isVector) }

  mutating func sum(_ x: Value, _ y: Value) -> Value {
    if x.isVector && y.isVector { return add("Add", [x.name, y.name], isVector: true) }
    return add("Add", [map(x).name, map(y).name])
  }

  mutating func concatenation(_ values: [Value]) -> Value {
    let areVectors = values.allSatisfy(\.isVector)
    let names = values.map { areVectors ? $0.name : map($0).name }
    return add("Concat", names, ["axis": .integer(1)], isVector: areVectors)
  }

  mutating func maximumPooling(_ x: Value, _ window: Operation.Window) -> Value {
    add(
      "MaxPool", [map(x).name],
      [
        "kernel_shape": .integers([window.kernel, window.kernel]),
        "strides": .integers([window.stride, window.stride]),
        "pads": .integers(Array(repeating: window.padding, count: 4)),
      ])
  }

  mutating func averagePooling(_ x: Value, _ window: Operation.Window) -> Value {
    add(
      "AveragePool", [map(x).name],
      [
        "kernel_shape": .integers([window.kernel, window.kernel]),
        "strides": .integers([window.stride, window.stride]),
        "pads": .integers(Array(repeating: window.padding, count: 4)),
        "count_include_pad": .integer(1),
      ])
  }

  /// Means over windows that divide the map as evenly as they can. ONNX has no such operator; where the
  /// windows are not all alike, each side is multiplied by a matrix of their shares.
  mutating func adaptiveAveragePooling(_ x: Value, from: MapShape, to: MapShape) -> Value {
    let x = map(x)
    if (from.height, from.width) == (to.height, to.width) { return x }
    if to.pixels == 1 { return add("GlobalAveragePool", [x.name]) }
    if from.height % to.height == 0 && from.width % to.width == 0 {
      let window = [from.height / to.height, from.width / to.width]
      return add(
        "AveragePool", [x.name], ["kernel_shape": .integers(window), "strides": .integers(window)])
    }
    let rows = Self.shares(from: from.height, to: to.height)
    let columns = Self.shares(from: from.width, to: to.width)
    let left = constant(
      ModelTensor(shape: [to.height, from.height], values: rows.flatMap { $0 }), for: "row_shares")
    let right = constant(
      ModelTensor(
        shape: [from.width, to.width],
        values: (0..<from.width).flatMap { j in (0..<to.width).map { columns[$0][j] } }),
      for: "column_shares")
    return add("MatMul", [add("MatMul", [left, x.name]).name, right])
  }

  /// For each window the share that it takes of every pixel: `[count][size]`.
  private static func shares(from size: Int, to count: Int) -> [[Float]] {
    (0..<count).map { index in
      let window = (index * size / count)..<(((index + 1) * size + count - 1) / count)
      return (0..<size).map { window.contains($0) ? 1 / Float(window.count) : 0 }
    }
  }

  mutating func upsampling(_ x: Value, factor: Int) -> Value {
    let x = map(x)
    let scales = constant(
      ModelTensor(shape: [4], values: [1, 1, Float(factor), Float(factor)]), for: "scales")
    return add(
      "Resize", [x.name, "", scales],
      [
        "mode": .text("nearest"), "nearest_mode": .text("floor"),
        "coordinate_transformation_mode": .text("asymmetric"),
      ])
  }

  mutating func padding(_ x: Value, top: Int, left: Int, bottom: Int, right: Int) -> Value {
    let x = map(x)
    let pads = constant([0, 0, top, left, 0, 0, bottom, right], for: "pads")
    return add("Pad", [x.name, pads])
  }

  mutating func linear(
    _ x: Value, named name: String, inputs: Int, outputs: Int, hasBias: Bool
  ) throws -> Value {
    var operands = [vector(x).name, try weight(name + ".weight", shape: [outputs, inputs])]
    if hasBias { operands.append(try weight(name + ".bias", shape: [outputs])) }
    return add("Gemm", operands, named: name, ["transB": .integer(1)], isVector: true)
  }

  mutating func scaling(_ x: Value, named name: String, by factor: Float) -> Value {
    if factor == 1 { return x }
    let constant = constant(ModelTensor(shape: [], values: [factor]), named: name + ".factor")
    return add("Mul", [x.name, constant], named: name, isVector: x.isVector)
  }

  /// Divided by the length, or by 1e-12 where it is less.
  mutating func unitLength(_ x: Value) -> Value {
    let x = vector(x)
    let length = add("ReduceL2", [x.name], ["axes": .integers([1]), "keepdims": .integer(1)])
    let least = constant(ModelTensor(shape: [], values: [1e-12]), for: "least_length")
    return add("Div", [x.name, add("Max", [length.name, least]).name], isVector: true)
  }

  /// Pixels from 0 to 255 as the network sees them.
  mutating func normalization(_ pixels: Value, mean: [Float], deviation: [Float]) -> Value {
    func constant(_ values: [Float], _ name: String) -> String {
      self.constant(
        ModelTensor(shape: [1, values.count, 1, 1], values: values.map { 255 * $0 }), named: name)
    }
    let (means, deviations) = (constant(mean, "pixel_mean"), constant(deviation, "pixel_deviation"))
    let centred = add("Sub", [pixels.name, means], named: "centred")
    return add("Div", [centred.name, deviations], named: "normalized")
  }
}
