import Compute
import HDF5
import Networks
import Pipelines

/// The tensors of a network in HDF5 groups, shared by models and checkpoints.
struct NetworkTensors {
  private let parameters: [NetworkParameter]
  private let normalizations: [BatchNormalization]
  private let storedName: (String) -> String

  /// - Parameter storedName: the name in the file of a tensor that the network calls otherwise.
  init(_ network: any TrainableNetwork, storedName: @escaping (String) -> String = { $0 }) {
    self.init(
      parameters: network.parameters, normalizations: network.normalizations, storedName: storedName)
  }

  init(
    parameters: [NetworkParameter], normalizations: [BatchNormalization],
    storedName: @escaping (String) -> String
  ) {
    self.parameters = parameters
    self.normalizations = normalizations
    self.storedName = storedName
  }

  /// Writes `/state_dict` and `/momentum`.
  func writeAll(to file: HDF5.File) throws {
    try writeWeights(to: file)
    let momentum = try file.root.createGroup(
      Self.momentum, attributes: ["meaning": "the optimiser's momentum of each weight"])
    try write(\.velocity, to: momentum)
  }

  /// Writes `/state_dict`.
  func writeWeights(to file: HDF5.File) throws {
    let weights = try file.root.createGroup(
      Self.weights, attributes: ["meaning": "weights under PyTorch's names, in PyTorch's axis order"])
    try write(\.values, to: weights)
    for normalization in normalizations {
      for (name, values) in normalization.statistics { try weights.write(values.array, to: storedName(name)) }
      try weights.write(
        normalization.batchesTracked, to: storedName(normalization.batchesTrackedName))
    }
  }

  private static let weights = "state_dict"
  private static let momentum = "momentum"

  private func write(_ buffer: KeyPath<NetworkParameter, FloatBuffer>, to group: HDF5.Group) throws {
    for parameter in parameters {
      try group.write(
        parameter.exported(parameter[keyPath: buffer]), shape: parameter.storedShape,
        to: storedName(parameter.name))
    }
  }

  func readAll(_ file: HDF5.File) throws {
    try readWeights(file)
    let speeds = try file.root.group(Self.momentum)
    for parameter in parameters {
      try load(parameter.name, of: speeds, shape: parameter.storedShape, in: file) {
        parameter.load($0, into: parameter.velocity)
      }
    }
  }

  func readWeights(_ file: HDF5.File) throws {
    let values = try file.root.group(Self.weights)
    for parameter in parameters {
      try load(parameter.name, of: values, shape: parameter.storedShape, in: file) {
        parameter.load($0, into: parameter.values)
      }
    }
    for normalization in normalizations {
      for (name, buffer) in normalization.statistics {
        try load(name, of: values, shape: [buffer.count], in: file) {
          _ = buffer.elements.update(fromContentsOf: $0)
        }
      }
      normalization.batchesTracked = try values.readScalar(
        storedName(normalization.batchesTrackedName))
    }
  }

  private func load(
    _ name: String, of group: HDF5.Group, shape: [Int], in file: HDF5.File, _ body: ([Float]) -> Void
  ) throws {
    let name = storedName(name)
    let dataset = try group.dataset(name)
    guard dataset.shape == shape else { throw ArtifactError.missingWeights(name, in: file.path) }
    body(try dataset.read())
  }
}
