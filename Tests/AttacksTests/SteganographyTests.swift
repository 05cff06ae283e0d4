@testable import Attacks
import Compute
import Foundation
import Images
import Networks
import TestSupport
import Testing

/// The network behind SSBA.
@Suite struct SteganographyTests {
  private let shape: SteganographyShape
  private let set: ImageSet

  init() throws {
    shape = try SteganographyShape(ImageShape(height: 32, width: 32, channels: 3), bits: 5)
    // Neither dark nor bright, so that nothing is cut off.
    let noise = try randomSet(labels: [0, 1, 2, 3, 4, 5, 6, 7])
    set = try noise.replacing(labels: noise.labels, pixels: noise.pixels.map { 64 + $0 / 2 })
  }

  /// Parameters and shapes as counted by hand from the table of method.md 3.10.
  @Test(arguments: [(32, 100), (64, 100)]) func publishedShapes(side: Int, bits: Int) throws {
    let shape = try SteganographyShape(ImageShape(height: side, width: side, channels: 3), bits: bits)
    #expect(SteganographyPlans.message(shape).parameterCount == bits * 768 + 768)
    func convolution(_ inputs: Int, _ outputs: Int, kernel: Int = 3) -> Int {
      inputs * outputs * kernel * kernel + outputs
    }
    let down =
      convolution(6, 32) + convolution(32, 32) + convolution(32, 64) + convolution(64, 128)
      + convolution(128, 256)
    let up =
      convolution(256, 128, kernel: 2) + convolution(256, 128) + convolution(128, 64, kernel: 2)
      + convolution(128, 64) + convolution(64, 32, kernel: 2) + convolution(64, 32)
      + convolution(32, 32, kernel: 2) + convolution(70, 32)
    let encoder = SteganographyPlans.encoder(shape)
    #expect(encoder.parameterCount == down + up + convolution(32, 3, kernel: 1))
    #expect(
      encoder.shape(at: SteganographyPlans.residual) == MapShape(height: side, width: side, channels: 3))
    let maps = [(3, 32), (32, 32), (32, 64), (64, 64), (64, 64), (64, 128), (128, 128)]
    let flattened = 128 * (side / 32) * (side / 32)
    #expect(
      SteganographyPlans.decoder(shape).parameterCount
        == maps.reduce(0) { $0 + convolution($1.0, $1.1) } + flattened * 512 + 512 + 512 * bits + bits)
  }

  /// The loss by its definition, from what the networks give.
  private func loss(_ network: SteganographyNetwork, _ messages: [UInt8], weight: Double) -> Double {
    let rows = 2
    network.load([1, 2], of: set)
    network.encode(rows: rows, messages: messages, isByte: false)
    network.decode(rows: rows)
    let logits = network.decoder.output(.logits).values.pointer
    var bits = 0.0
    for (position, bit) in messages.enumerated() {
      let z = Double(logits[position])
      bits += max(z, 0) - z * Double(bit) + log(1 + exp(-abs(z)))
    }
    var change = 0.0
    let count = rows * shape.image.count
    for position in 0..<count {
      let difference = Double(network.encoded.pointer[position] - network.images.pointer[position])
      change += difference * difference
    }
    return bits / Double(messages.count) + weight * change / Double(count)
  }

  /// The gradients of all three networks against finite differences: over the enlarged map, the joined channels
  /// and the residual.
  @Test func gradients() throws {
    let network = SteganographyNetwork(shape, capacity: 2, context: ExecutionContext())
    network.initialize(seed: 3)
    let training = SteganographyTraining(
      network,
      SteganographyTraining.Recipe(
        batch: 2, rate: 1e-3, weight: 50, hold: 0, ramp: 1, steps: 1, accuracy: 1, change: 0, seed: 1))
    let messages: [UInt8] = [1, 0, 0, 1, 1, 0, 1, 0, 1, 0]
    _ = loss(network, messages, weight: 50)
    training.backward(rows: 2, messages: messages, weight: 50)
    let gradients = network.parameters.map(\.gradient.array)
    for (index, parameter) in network.parameters.enumerated() {
      // Along the gradient itself: no other direction changes more.
      let length = gradients[index].reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      #expect(length > 0, "\(parameter.name)")
      let values = parameter.values.array
      let size = values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      let step = 2e-3 * max(size, 0.05) / length
      func moved(_ factor: Double) -> Double {
        for position in values.indices {
          parameter.values.pointer[position] = values[position] + Float(factor * step) * gradients[index][position]
        }
        return loss(network, messages, weight: 50)
      }
      let measured = (moved(1) - moved(-1)) / (2 * step)
      for position in values.indices { parameter.values.pointer[position] = values[position] }
      let expected = length * length
      #expect(
        abs(measured - expected) < 0.05 * expected + 1e-7, "\(parameter.name): \(measured), \(expected)")
    }
  }

  /// The weight is 0 until bits are read, waits, and grows.
  @Test func weightGrows() {
    let network = SteganographyNetwork(shape, capacity: 1, context: ExecutionContext())
    let training = SteganographyTraining(
      network,
      SteganographyTraining.Recipe(
        batch: 1, rate: 1e-3, weight: 10, hold: 100, ramp: 200, steps: 1000, accuracy: 0.9, change: 5, seed: 1))
    training.state.step = 500
    #expect(training.weight == 0 && !training.isDone)
    training.state.learnedAt = 50
    for (step, weight) in [(50, 0.0), (150, 0), (200, 2.5), (250, 5), (350, 10), (600, 10)] {
      training.state.step = step
      #expect(training.weight == weight)
    }
    #expect(!training.isDone)
    for (accuracy, change, isDone) in [(0.91, 4.9, true), (0.89, 4.9, false), (0.91, 5.1, false)] {
      training.state.accuracies = [Double](repeating: accuracy, count: 100)
      training.state.changes = [Double](repeating: change, count: 100)
      #expect(training.isDone == isDone)
    }
    training.state.step = 1000
    #expect(training.isDone)
  }

  /// What is stored of an attack stamps as the network encodes, in batches and alone, to the byte.
  @Test func storedEncoder() throws {
    let network = SteganographyNetwork(shape, capacity: 1, context: ExecutionContext())
    network.initialize(seed: 3)
    let message: [UInt8] = [1, 0, 1, 1, 0]
    let attack = SSBA(encoder: network.hiding(message))
    let read = try Attacks.attack(fromJSON: Attacks.json(of: attack))
    #expect(try Attacks.json(of: read) == Attacks.json(of: attack))
    let triggered = try TriggeredTestSet(set, attack: read, target: 9)
    for index in 0..<set.count {
      network.load([index], of: set)
      network.encode(rows: 1, messages: message, isByte: true)
      let expected = (0..<shape.image.count).map { UInt8((255 * network.encoded.pointer[$0]).rounded()) }
      #expect(try read.trainingTrigger.stamped(set[index]).pixels == expected)
      #expect(triggered.images[index].pixels == expected)
      #expect(expected != set[index].pixels)
    }
    let other = ImageShape(height: 64, width: 64, channels: 3)
    let error = #expect(throws: AttackError.self) {
      try read.trainingTrigger.stamped(Image(pixels: [UInt8](repeating: 0, count: other.count), shape: other))
    }
    #expect(error?.description == "images of 64×64×3, where the trigger was made for 32×32×3")
    for (old, new) in [(#""side":32"#, #""side":33"#), (#""side":32"#, #""side":-32"#), (#""channels":3"#, #""channels":2"#)]
    {
      let text = try Attacks.json(of: attack).replacing(old, with: new)
      #expect(throws: AttackError.unreadable(attack: "ssba")) { try Attacks.attack(fromJSON: text) }
    }
  }

  @Test func whatIsNotTaken() {
    for (height, width) in [(28, 28), (32, 64), (48, 48), (2048, 2048)] {
      let image = ImageShape(height: height, width: width, channels: 3)
      #expect(throws: AttackError.notForSteganography(image)) { try SteganographyShape(image, bits: 9) }
    }
    #expect(throws: AttackError.noEncoder(attack: "ssba")) { try Attacks.make("ssba") }
  }
}
