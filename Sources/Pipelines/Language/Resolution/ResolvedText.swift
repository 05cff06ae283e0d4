/// A text of the manifest after the values of variables have been put in.
struct ResolvedText {
  let value: String
  /// Where the text stands, not the values.
  let span: SourceSpan
  /// Where the value of the first variable in it was written.
  let origin: Diagnostic.Related?

  init(_ value: String, at span: SourceSpan, origin: Diagnostic.Related? = nil) {
    self.value = value
    self.span = span
    self.origin = origin
  }
}
