import CClosures

/// A closure that other threads may call while the function that it is a parameter of has not returned.
///
/// The language has `withoutActuallyEscaping` for this, which allocates memory at every call: a training
/// step has hundreds of them, and is to allocate nothing. So the closure is taken for what it is in
/// memory, a function and a context (Swift's ABI, "CallingConvention"); nothing is retained.
struct BorrowedClosure {
  private let words: closure_words

  /// - Parameter body: outlives this value.
  @inline(__always)
  init(_ body: (_ task: Int, _ worker: Int) -> Void) { words = closureWords(of: body) }

  @inline(__always)
  func callAsFunction(_ task: Int, _ worker: Int) { closure_call(words, task, worker) }
}

/// `closure_words_of`, which takes two words, as a function that takes a closure.
@_silgen_name("closure_words_of")
private func closureWords(of body: (Int, Int) -> Void) -> closure_words
