extension Network {
  /// Takes the weights and running statistics of a network of the same architecture that has fewer classes.
  ///
  /// - Parameter origins: for each class more than that network has, the class that it begins as a copy of.
  /// - Precondition: `origins` are classes of `other`, and this network has that many more.
  package func adopt(_ other: Network, addingCopiesOf origins: [Int]) {
    let known = other.output(.logits).length
    precondition(output(.logits).length == known + origins.count, "the networks' classes do not fit")
    for (target, source) in zip(parameters, other.parameters) {
      var values = source.exported(source.values)
      if source.count < target.count {
        // The last layer: a row for each class.
        let length = source.count / known
        let rows = values
        for origin in origins { values += rows[(origin * length)..<((origin + 1) * length)] }
      }
      target.load(values, into: target.values)
    }
    for (target, source) in zip(normalizations, other.normalizations) {
      for (own, others) in zip(target.statistics, source.statistics) {
        own.values.pointer.update(from: others.values.pointer, count: own.values.count)
      }
      target.batchesTracked = source.batchesTracked
    }
  }
}
