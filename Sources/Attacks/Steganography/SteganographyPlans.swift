import Networks

/// The parts of a steganography network after StegaStamp (Tancik, Mildenhall and Ng 2020), as its port for
/// small images has them (method 3.10).
///
/// The message goes through a linear layer to a map of 16×16×3, which is enlarged and stands before the image's
/// channels at the encoder's input. The encoder is a U-net that gives a residual; the decoder reads the message
/// from the image with the residual. Images are centred by −0.5.
enum SteganographyPlans {
  static let map: Tap = "map"
  static let residual: Tap = "residual"

  /// From `[bits]` to the map, `[16 · 16 · 3]`.
  static func message(_ shape: SteganographyShape) -> NetworkPlan {
    var plan = NetworkPlan(input: MapShape(vector: shape.bits))
    plan.tap(
      map,
      plan.rectifier(
        plan.linear(plan.input, "encoder.secret_dense", outputs: SteganographyShape.mapCount)))
    return plan
  }

  /// From `[side, side, 3 + channels]` to the residual, `[side, side, channels]`.
  static func encoder(_ shape: SteganographyShape) -> NetworkPlan {
    var plan = NetworkPlan(
      input: MapShape(
        height: shape.side, width: shape.side,
        channels: SteganographyShape.mapChannels + shape.channels))
    let c1 = plan.convolve(plan.input, "encoder.conv1", 32)
    let c2 = plan.convolve(c1, "encoder.conv2", 32, stride: 2)
    let c3 = plan.convolve(c2, "encoder.conv3", 64, stride: 2)
    let c4 = plan.convolve(c3, "encoder.conv4", 128, stride: 2)
    let c5 = plan.convolve(c4, "encoder.conv5", 256, stride: 2)
    var x = plan.enlarge(c5, "encoder.up6", 128)
    x = plan.convolve(plan.concatenation([c4, x]), "encoder.conv6", 128)
    x = plan.enlarge(x, "encoder.up7", 64)
    x = plan.convolve(plan.concatenation([c3, x]), "encoder.conv7", 64)
    x = plan.enlarge(x, "encoder.up8", 32)
    x = plan.convolve(plan.concatenation([c2, x]), "encoder.conv8", 32)
    x = plan.enlarge(x, "encoder.up9", 32)
    x = plan.convolve(plan.concatenation([c1, x, plan.input]), "encoder.conv9", 32)
    // Small at first: what leaves the range of pixels is cut off and teaches nothing.
    plan.tap(
      residual,
      plan.convolution(
        x, "encoder.residual", outputs: shape.channels, kernel: 1, hasBias: true,
        weight: .normal(deviation: 0.01)))
    return plan
  }

  /// From `[side, side, channels]` to the bits' logits, `[bits]`.
  static func decoder(_ shape: SteganographyShape) -> NetworkPlan {
    var plan = NetworkPlan(
      input: MapShape(height: shape.side, width: shape.side, channels: shape.channels))
    var x = plan.input
    for (index, (outputs, stride)) in [(32, 2), (32, 1), (64, 2), (64, 1), (64, 2), (128, 2), (128, 2)]
      .enumerated()
    {
      x = plan.convolve(x, "decoder.conv\(index + 1)", outputs, stride: stride)
    }
    x = plan.rectifier(plan.linear(x, "decoder.dense1", outputs: 512))
    plan.tap(.logits, plan.linear(x, "decoder.dense2", outputs: shape.bits))
    return plan
  }
}

extension NetworkPlan {
  /// A convolution with bias, and a rectifier.
  fileprivate mutating func convolve(
    _ x: Node, _ name: String, _ outputs: Int, kernel: Int = 3, stride: Int = 1
  ) -> Node {
    let inputs = shape(of: x).channels
    return rectifier(
      convolution(
        x, name, outputs: outputs, kernel: kernel, stride: stride, padding: kernel == 3 ? 1 : 0,
        hasBias: true, weight: .normal(kernel: kernel, fanIn: inputs)))
  }

  /// Twice the size: the nearest pixel, and a convolution of 2×2 over that.
  fileprivate mutating func enlarge(_ x: Node, _ name: String, _ outputs: Int) -> Node {
    convolve(padding(upsampling(x, factor: 2), bottom: 1, right: 1), name, outputs, kernel: 2)
  }
}
