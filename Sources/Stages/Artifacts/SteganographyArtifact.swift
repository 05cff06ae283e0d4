import Attacks
import HDF5
import Images
import Networks
import Pipelines

/// A network that hides messages in images, and its layout in artifacts.
///
///     /state_dict/NAME   float32        weights of encoder and decoder, in PyTorch's axis order
///     /message           uint8 [bits]   the message that the attack hides
///     attributes side, channels, bits, steps, bit_accuracy (share of the message's bits that the decoder reads
///     from bytes), change (mean change of a value, in grey levels) of the root
struct SteganographyArtifact {
  let network: SteganographyNetwork
  let message: [UInt8]

  /// - Parameter steps: how many it was trained for.
  func write(
    to file: HDF5.File, steps: Int, quality: (accuracy: Double, change: Double)
  ) throws {
    let shape = network.shape
    try NetworkTensors(parameters: network.parameters, normalizations: []).writeWeights(to: file)
    try file.root.write(
      message, to: "message", attributes: ["axes": "bit", "meaning": "the message that is hidden"])
    try file.root.setAttributes([
      "side": .integer(shape.side), "channels": .integer(shape.channels),
      "bits": .integer(shape.bits), "steps": .integer(steps),
      "bit_accuracy": .double(quality.accuracy), "change": .double(quality.change),
    ])
  }

  init(network: SteganographyNetwork, message: [UInt8]) {
    self.network = network
    self.message = message
  }

  init(_ file: HDF5.File, context: ExecutionContext) throws {
    let root = try file.root
    let (side, channels): (Int, Int) = (
      try root.attribute("side"), try root.attribute("channels")
    )
    message = try root.read("message")
    guard side > 0, channels > 0, !message.isEmpty else {
      throw ArtifactError.wrongShape("message", found: [message.count], in: file.path)
    }
    network = SteganographyNetwork(
      try SteganographyShape(
        ImageShape(height: side, width: side, channels: channels), bits: message.count),
      capacity: 1, context: context)
    try NetworkTensors(parameters: network.parameters, normalizations: []).readWeights(file)
  }
}
