extension Collection<String> {
  /// The first of some names, and how many more there are: "cat, dog and 3 more". Sets have thousands of classes.
  package func listed(most: Int = 10, more: String = "more") -> String {
    prefix(most).joined(separator: ", ") + (count > most ? " and \(count - most) \(more)" : "")
  }
}
