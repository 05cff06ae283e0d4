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
  init(_ network: Network, storedName: @escaping (String) -> String = { $0 }) {
    self.init(
      parameters: network.parameters, normalizations: network.normalizations, storedName: storedName)
  }

  init(
    parameters: [NetworkParameter], normalizations: [BatchNormalization],
    storedName: @escaping (String) -> String = { $0 }
  ) {
    self.parameters = parameters
    self.normalizations = normalizations
    self.storedName = storedName
  }

  /// Writes `/state_dict`, and what an optimiser keeps: `/momentum`.
  ///
  /// - Parameter stateNames: of what it keeps; a stage that goes on with the model reads the momentum.
  func writeAll(to file: HDF5.File, stateNames: [String] = ["momentum"]) throws {
    try writeWeights(to: file)
    for (index, name) in stateNames.enumerated() {
      let group = try file.root.createGroup(
        name, attributes: ["meaning": "what the optimiser keeps for each weight"])
      for parameter in parameters where parameter.state.count > index {
        try write(parameter.state[index], of: parameter, to: group)
      }
    }
  }

  /// Writes `/state_dict`.
  func writeWeights(to file: HDF5.File) throws {
    let weights = try file.root.createGroup(
      Self.weights, attributes: ["meaning": "weights under PyTorch's names, in PyTorch's axis order"])
    for parameter in parameters { try write(parameter.values, of: parameter, to: weights) }
    for normalization in normalizations {
      for (name, values) in normalization.statistics { try weights.write(values.array, to: storedName(name)) }
      try weights.write(
        normalization.batchesTracked, to: storedName(normalization.batchesTrackedName))
    }
  }

  private static let weights = "state_dict"

  private func write(
    _ buffer: FloatBuffer, of parameter: NetworkParameter, to group: HDF5.Group
  ) throws {
    try group.write(
      parameter.exported(buffer), shape: parameter.storedShape, to: storedName(parameter.name))
  }

  /// Reads what `writeAll` wrote. Parameters for which nothing was kept have nothing then.
  func readAll(_ file: HDF5.File, stateNames: [String] = ["momentum"]) throws {
    try readWeights(file)
    for (index, name) in stateNames.enumerated() {
      let group = try file.root.group(name)
      let known = Set(try group.names)
      for parameter in parameters where known.contains(storedName(parameter.name)) {
        parameter.prepareState(stateNames)
        try load(parameter.name, of: group, shape: parameter.storedShape, in: file) {
          parameter.load($0, into: parameter.state[index])
        }
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
